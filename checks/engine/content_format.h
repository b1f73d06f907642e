// What the writer and the reader of compiled content agree on.
#pragma once

#include <cstddef>
#include <string_view>

namespace assay::checks {

inline constexpr std::string_view kContentFormat = "content/1";

// The parser reads so far behind the text: with this much room in its string it needs no copy.
inline constexpr std::size_t kReadPastTheEnd = 64;

}  // namespace assay::checks
