// How probes say "nothing known" in a cell: NULL, never an empty string or -1.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] inline evidence::Value text_or_null(std::string_view text) {
  if (text.empty()) return evidence::kNull;
  return std::string(text);
}

[[nodiscard]] inline evidence::Value number_or_null(std::optional<std::int64_t> number) {
  if (!number) return evidence::kNull;
  return *number;
}

// The whole of `text` as a decimal number; nothing when it is anything else.
template <typename Number = std::int64_t>
[[nodiscard]] std::optional<Number> decimal(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace assay::agent
