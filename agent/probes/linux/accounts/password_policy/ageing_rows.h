// The rows about the age of passwords: max_days min_days warn_age inactive_days.
// One thread at a time per Host.
#pragma once

#include <vector>

#include "agent/probes/linux/accounts/password_policy/login_defs.h"
#include "agent/probes/linux/accounts/password_policy/policy_row.h"

namespace assay::agent {

// `checks_expiry`: whether every login service refuses expired passwords.
[[nodiscard]] std::vector<PolicyRow> ageing_rows(const LoginDefs& defs, bool checks_expiry);

}  // namespace assay::agent
