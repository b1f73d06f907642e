// The order of apk's versions, as apk itself has it.
#pragma once

#include <optional>
#include <string_view>

namespace assay::agent {

// -1, 0, 1; nothing when one of them is no version of apk's:
// digits{.digits}[letter]{_suffix[digits]}
// [~hash][-rdigits]. _alpha, _beta, _pre and _rc come before the version without, in this order;
// _cvs, _svn, _git, _hg and _p after it. A number with a leading zero is compared as text, but for
// the first.
[[nodiscard]] std::optional<int> apk_compare(std::string_view a, std::string_view b);

}  // namespace assay::agent
