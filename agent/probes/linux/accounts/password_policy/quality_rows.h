// The rows that say which passwords are accepted: length, classes, dictionary, and so on.
// One thread at a time per Host.
#pragma once

#include <vector>

#include "agent/probes/linux/accounts/password_policy/password_stack.h"
#include "agent/probes/linux/accounts/password_policy/policy_row.h"
#include "evidence/result.h"

namespace assay::agent {

// minlen minclass dcredit ucredit lcredit ocredit classes_required enforce_root dictcheck
// usercheck difok maxrepeat.
[[nodiscard]] Result<std::vector<PolicyRow>> quality_rows(Host& host, const PasswordStack& stack);

// pam_unix's own demand: its minlen=, or what the distribution built in.
[[nodiscard]] Result<Number> unix_minlen(Host& host, const PamEntry& setter);

}  // namespace assay::agent
