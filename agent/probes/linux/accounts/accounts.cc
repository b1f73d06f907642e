#include "agent/probes/linux/accounts/accounts.h"

#include "agent/probes/linux/accounts/local_accounts.h"
#include "agent/probes/linux/accounts/login_rules/account_sources.h"
#include "agent/probes/linux/accounts/login_rules/login_settings.h"
#include "agent/probes/linux/accounts/login_rules/mfa.h"
#include "agent/probes/linux/accounts/logins/last_logins.h"
#include "agent/probes/linux/accounts/password_policy/password_policy.h"
#include "agent/probes/linux/accounts/ssh_keys/authorized_keys.h"
#include "agent/probes/linux/accounts/sudo/sudoers.h"

namespace assay::agent {

std::span<const Probe> accounts_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "account_sources", .collect = collect_account_sources},
      Probe{.table = "authorized_keys", .collect = collect_authorized_keys},
      Probe{.table = "groups", .collect = collect_groups},
      Probe{.table = "last_logins", .collect = collect_last_logins},
      Probe{.table = "login_settings", .collect = collect_login_settings},
      Probe{.table = "mfa", .collect = collect_mfa},
      Probe{.table = "password_policy", .collect = collect_password_policy},
      Probe{.table = "shadow", .collect = collect_shadow},
      Probe{.table = "sudoers", .collect = collect_sudoers},
      Probe{.table = "user_groups", .collect = collect_user_groups},
      Probe{.table = "users", .collect = collect_users},
  };
  return kProbes;
}

}  // namespace assay::agent
