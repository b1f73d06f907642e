// The rows about logging in: lockout after failed logins, empty passwords.
// One thread at a time per Host.
#pragma once

#include <vector>

#include "agent/probes/linux/accounts/password_policy/login_stack.h"
#include "agent/probes/linux/accounts/password_policy/policy_row.h"
#include "evidence/result.h"

namespace assay::agent {

// lockout_deny, lockout_unlock_time, lockout_fail_interval of the weakest of `services`,
// and nullok if any of them allows it. `services` is not empty.
[[nodiscard]] Result<std::vector<PolicyRow>> login_rows(Host& host,
                                                        const std::vector<LoginStack>& services,
                                                        const PamModules& modules);

}  // namespace assay::agent
