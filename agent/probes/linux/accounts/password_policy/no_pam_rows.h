// The rows of a host whose programs do not ask PAM: busybox (Alpine as it is delivered), and the
// shadow programs built without PAM. One thread at a time per Host.
#pragma once

#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/password_policy/policy_row.h"
#include "evidence/result.h"

namespace assay::agent {

// Whether "passwd" or "login" is busybox under another name.
[[nodiscard]] bool is_busybox(Host& host, std::string_view program);

// What a new password must be. kNotFound when neither busybox nor shadow is there.
[[nodiscard]] Result<std::vector<PolicyRow>> password_rows_without_pam(Host& host);

// Lockout and empty passwords, without the rows about the age of passwords.
[[nodiscard]] std::vector<PolicyRow> login_rows_without_pam(Host& host);

}  // namespace assay::agent
