#include "agent/probes/linux/accounts/password_policy/policy_row.h"

#include <algorithm>
#include <utility>

namespace assay::agent {

PolicyRow& PolicyRow::note(std::string text_for_people) {
  if (!text_for_people.empty() && std::ranges::find(notes, text_for_people) == notes.end()) {
    notes.push_back(std::move(text_for_people));
  }
  return *this;
}

PolicyRow& PolicyRow::not_for_all(const std::string& why) {
  if (!why.empty() && is_enforced == true) is_enforced.reset();
  return note(why);
}

PolicyRow in_force(std::string setting, const Number& number, const Location& reader) {
  return {.setting = std::move(setting),
          .value = number.value,
          .is_enforced = true,
          .origin = number.where ? "configured" : "default",
          .where = number.where.value_or(reader)};
}

PolicyRow absent(std::string setting, std::optional<std::int64_t> value) {
  return {.setting = std::move(setting), .value = value, .is_enforced = false, .origin = "absent"};
}

PolicyRow unknown(std::string setting, std::string why) {
  PolicyRow row{.setting = std::move(setting)};
  row.note(std::move(why));
  return row;
}

}  // namespace assay::agent
