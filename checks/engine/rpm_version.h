// The order of rpm's versions, as rpm itself has it.
#pragma once

#include <string_view>

namespace assay::checks {

// -1, 0, 1. Each side is [epoch:]version[-release], as rpm-version(7) describes: an absent epoch is
// 0, an absent release is older than any, `~` sorts before everything, `^` after the end and before
// all else; what is neither letter nor digit only separates.
[[nodiscard]] int rpm_compare(std::string_view a, std::string_view b);

}  // namespace assay::checks
