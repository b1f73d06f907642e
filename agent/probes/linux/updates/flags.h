// A yes or no that may not be known, as tables of this family have it: 1, 0 or NULL.
#pragma once

#include <cstdint>
#include <optional>

#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] inline evidence::Value flag_or_null(std::optional<bool> flag) {
  if (!flag) return evidence::kNull;
  return std::int64_t{*flag ? 1 : 0};
}

}  // namespace assay::agent
