#include "agent/probes/linux/accounts/accounts.h"

#include "agent/probes/linux/accounts/local_accounts.h"
#include "agent/probes/linux/accounts/password_policy/password_policy.h"

namespace assay::agent {

std::span<const Probe> accounts_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "groups", .collect = collect_groups},
      Probe{.table = "password_policy", .collect = collect_password_policy},
      Probe{.table = "shadow", .collect = collect_shadow},
      Probe{.table = "user_groups", .collect = collect_user_groups},
      Probe{.table = "users", .collect = collect_users},
  };
  return kProbes;
}

}  // namespace assay::agent
