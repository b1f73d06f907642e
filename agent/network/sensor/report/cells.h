// Cells that several tables have.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "agent/network/sensor/tally/tally.h"
#include "evidence/table.h"

namespace assay::agent::sensor {

// Counters are far below 2^63.
[[nodiscard]] inline evidence::Value number_cell(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
// NULL for 0: no tag, no port, not known.
[[nodiscard]] inline evidence::Value nonzero_cell(std::uint64_t value) {
  return value == 0 ? evidence::Value(evidence::kNull) : number_cell(value);
}
[[nodiscard]] inline evidence::Value text_cell(std::string_view text) {
  return text.empty() ? evidence::Value(evidence::kNull) : evidence::Value(std::string(text));
}
[[nodiscard]] inline evidence::Value address_cell(const std::optional<Address>& address) {
  return address ? evidence::Value(to_text(*address)) : evidence::Value(evidence::kNull);
}
// Seconds, rounded down to a minute: closer is nobody's business.
[[nodiscard]] inline evidence::Value time_cell(std::uint32_t seconds) {
  return nonzero_cell(seconds / 60 * 60);
}

}  // namespace assay::agent::sensor
