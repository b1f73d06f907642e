// Cells of a row.
#pragma once

#include <optional>
#include <string>

#include "evidence/table.h"

namespace assay::agent::tls {

[[nodiscard]] inline evidence::Value text_or_null(std::string text) {
  if (text.empty()) return evidence::kNull;
  return text;
}

[[nodiscard]] inline evidence::Value flag_or_null(std::optional<bool> flag) {
  if (!flag) return evidence::kNull;
  return std::int64_t{*flag};
}

[[nodiscard]] inline evidence::Value number_or_null(std::int64_t number) {
  if (number == 0) return evidence::kNull;
  return number;
}

}  // namespace assay::agent::tls
