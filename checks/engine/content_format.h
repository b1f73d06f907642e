// What the writer and the reader of compiled content agree on.
#pragma once

#include <string_view>

namespace assay::checks {

inline constexpr std::string_view kContentFormat = "content/1";

}  // namespace assay::checks
