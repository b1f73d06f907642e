// The fields of the asset register: the columns of the table host_register, with the words that the
// register's form has for them, and what may be written in each. Pure; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/table.h"
#include "evidence/text.h"

namespace assay::collector {

inline constexpr std::size_t kMaxFieldBytes = 500;
inline constexpr std::size_t kMaxGroups = 50;  // that one machine is in
inline constexpr std::size_t kMaxGroupBytes = 100;

struct RegisterField {
  enum class Kind { kText, kYesNo, kGrade, kDay, kEnvironment };
  std::string name;  // the column of host_register
  Kind kind = Kind::kText;
  Text label;  // as the form heads the column
};

// In the table's order.
[[nodiscard]] std::span<const RegisterField> register_fields();
// By name or label, in either language; nullptr.
[[nodiscard]] const RegisterField* find_register_field(std::string_view word);

// What a person wrote: NULL for nothing. Yes and no, grades and environments are understood as the
// form says them in either language; days as 2026-11-21 or 2026/11/21. Line breaks become spaces.
// An apostrophe that keeps a spreadsheet from reading a formula is dropped. kUsage.
[[nodiscard]] Result<evidence::Value> field_value(const RegisterField& field,
                                                  std::string_view text);
// How a person reads it: 1 as yes, 3 as high …; "" for NULL.
[[nodiscard]] std::string field_text(const RegisterField& field, const evidence::Value& value,
                                     Language language);

// Names of groups, one or several with comma, semicolon or 、 between them; sorted, each once.
// kUsage.
[[nodiscard]] Result<std::vector<std::string>> groups_in(std::string_view text);
[[nodiscard]] Status check_groups(const std::vector<std::string>& groups);

using RegisterJson = nlohmann::ordered_json;

// RegisterEntry::fields, and the same as values of the table's row, in its order.
[[nodiscard]] RegisterJson fields_of(std::string_view json);
[[nodiscard]] evidence::Value value_in(const RegisterJson& fields, std::string_view name);

}  // namespace assay::collector
