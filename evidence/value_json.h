// A cell as a value of JSON: a number, a text or null. For every kind of JSON object that can be
// made of these.
#pragma once

#include "evidence/table.h"

namespace assay::evidence {

template <typename Json>
[[nodiscard]] Json json_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return nullptr;
}

}  // namespace assay::evidence
