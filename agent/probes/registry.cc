#include <algorithm>
#include <array>

#include "agent/probes/linux/accounts.h"
#include "agent/probes/linux/deb_packages.h"
#include "agent/probes/linux/listening_ports.h"
#include "agent/probes/linux/os_version.h"
#include "agent/probes/linux/password_policy/password_policy.h"
#include "agent/probes/linux/security_agents.h"
#include "agent/probes/linux/system_info.h"
#include "agent/probes/portable/interface_addresses.h"
#include "agent/probes/probe.h"

namespace assay::agent {
namespace {

constexpr std::array kProbes = {
    Probe{"deb_packages", collect_deb_packages},
    Probe{"groups", collect_groups},
    Probe{"interface_addresses", collect_interface_addresses},
    Probe{"listening_ports", collect_listening_ports},
    Probe{"os_version", collect_os_version},
    Probe{"password_policy", collect_password_policy},
    Probe{"security_agents", collect_security_agents},
    Probe{"shadow", collect_shadow},
    Probe{"system_info", collect_system_info},
    Probe{"user_groups", collect_user_groups},
    Probe{"users", collect_users},
};
static_assert(std::ranges::is_sorted(kProbes, {}, &Probe::table));

}  // namespace

std::span<const Probe> all_probes() {
  return kProbes;
}

const Probe* find_probe(std::string_view table) {
  const auto found = std::ranges::find(kProbes, table, &Probe::table);
  return found == kProbes.end() ? nullptr : &*found;
}

}  // namespace assay::agent
