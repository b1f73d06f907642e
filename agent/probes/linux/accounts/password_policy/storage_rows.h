// The rows about what is kept of a password: hash, remember (history).
// One thread at a time per Host.
#pragma once

#include <vector>

#include "agent/probes/linux/accounts/password_policy/password_stack.h"
#include "agent/probes/linux/accounts/password_policy/policy_row.h"
#include "evidence/result.h"

namespace assay::agent {

[[nodiscard]] Result<PolicyRow> hash_row(Host& host, const PasswordStack& stack);
[[nodiscard]] Result<PolicyRow> remember_row(Host& host, const PasswordStack& stack,
                                             const PamModules& modules);

}  // namespace assay::agent
