// endoflife.date's API, version 1: /api/v1/products/full and /api/v1/products/NAME.
#pragma once

#include <string_view>

#include "checks/lifecycle/cycles.h"

namespace assay::checks::lifecycle {

// Larger answers are refused before they are parsed; the full one of 2026 has 2 MB.
inline constexpr std::size_t kMaxAnswerBytes = 64U << 20U;
inline constexpr std::size_t kMaxProducts = 10'000;
inline constexpr std::size_t kMaxCyclesOfProduct = 5'000;

// Keys that are not known are ignored, as the API asks. kInvalidData with line and column, or the
// path of the value (result[3].releases[0].eolFrom); kTooLarge; kNotSupported for an answer of the
// API's version 0, which does not name its product.
[[nodiscard]] Result<Cycles> parse_endoflife(std::string_view text);

}  // namespace assay::checks::lifecycle
