// The rows about the age of passwords: max_days min_days warn_age inactive_days.
// One thread at a time per Host.
#pragma once

#include <string>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/login_defs.h"
#include "agent/probes/linux/accounts/password_policy/policy_row.h"

namespace assay::agent {

// Whether every login service refuses expired passwords.
struct ExpiryCheck {
  bool is_everywhere = false;
  std::string why_unknown;  // empty: it is known
};

[[nodiscard]] std::vector<PolicyRow> ageing_rows(const LoginDefs& defs, const ExpiryCheck& check);

}  // namespace assay::agent
