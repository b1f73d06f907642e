// Text on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::collector {

// Good enough to line columns up: CJK and everything above takes two places.
[[nodiscard]] std::size_t width_of(std::string_view text);
// With "?" for each control character.
[[nodiscard]] std::string harmless(std::string text);

}  // namespace assay::collector
