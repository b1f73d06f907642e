// When an account is locked after failed logins: the settings of pam_faillock, from
// /etc/security/faillock.conf (it has no drop-in folder) and the arguments of its PAM line.
// One thread at a time per Host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"

namespace assay::agent {

inline constexpr std::string_view kFaillockConf = "/etc/security/faillock.conf";

struct FaillockSettings {
  Number deny{3, {}};             // failures; 0: never locks
  Number unlock_time{600, {}};    // seconds; 0: stays locked
  Number fail_interval{900, {}};  // seconds
  Number even_deny_root;          // 0 or 1
  Number local_users_only;        // 0 or 1
  std::vector<std::string> problems;
};

// The settings for one line of a PAM stack: its conf= file or the usual one, then its own
// arguments. kNotFound when it names a conf= file that does not exist: pam_faillock then
// fails on every call. `reads_file`: the installed module knows such a file (PAM 1.4, Red Hat
// 8.2); what it then sets without effect becomes a problem.
[[nodiscard]] Result<FaillockSettings> read_faillock(Host& host, const PamEntry& entry,
                                                     bool reads_file);

// The settings that the usual file holds, whether a module reads it or not.
[[nodiscard]] Result<FaillockSettings> read_faillock_conf(Host& host);

}  // namespace assay::agent
