// One row of the table password_policy while it is being worked out. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"

namespace assay::agent {

struct PolicyRow {
  std::string setting;
  std::optional<std::int64_t> value;
  std::optional<std::string> text;
  std::optional<bool> is_enforced;  // absent: not determinable
  std::string origin;               // configured, default, absent; empty: not determinable
  std::optional<Location> where;
  std::vector<std::string> notes;

  PolicyRow& note(std::string text_for_people);  // an empty text adds nothing
  // Some accounts are let off, `why` says which way: that it holds for all cannot be told. An
  // empty text changes nothing.
  PolicyRow& not_for_all(const std::string& why);
};

// A setting that a module in force reads; `reader` is the place that puts the module in
// force and stands in for the place of a default.
[[nodiscard]] PolicyRow in_force(std::string setting, const Number& number, const Location& reader);

// Nothing enforces it.
[[nodiscard]] PolicyRow absent(std::string setting, std::optional<std::int64_t> value);

// It cannot be told; `why` says so.
[[nodiscard]] PolicyRow unknown(std::string setting, std::string why);

}  // namespace assay::agent
