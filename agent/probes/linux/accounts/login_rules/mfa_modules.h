// The PAM modules that ask for a second factor. Plain data; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/probes/linux/accounts/password_policy/pam_stack.h"

namespace assay::agent {

struct SecondFactor {
  std::string_view kind;     // one_time_code, fido, push, smartcard, radius, …
  std::string_view skipped;  // the argument with which accounts without a device pass; or empty
  std::string_view note;     // what no file of this machine tells; or empty
};

// Absent when the line asks for no second factor.
[[nodiscard]] std::optional<SecondFactor> second_factor_of(const PamEntry& entry);

}  // namespace assay::agent
