// Figures with a unit, as people write them in settings: 90s 15m 1h 7d, 64KiB 512MiB 1GiB.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// Without a unit: seconds, bytes. kConfiguration for anything else, and for what overflows.
[[nodiscard]] Result<std::chrono::seconds> duration_from(std::string_view text);
[[nodiscard]] Result<std::int64_t> bytes_from(std::string_view text);

// In the largest unit that needs no fraction; the functions above read it back.
[[nodiscard]] std::string to_text(std::chrono::seconds duration);
[[nodiscard]] std::string bytes_to_text(std::int64_t bytes);

}  // namespace assay::agent
