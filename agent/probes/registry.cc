#include <algorithm>

#include "agent/probes/linux/accounts/accounts.h"
#include "agent/probes/linux/firewall/firewall.h"
#include "agent/probes/linux/hardening/hardening.h"
#include "agent/probes/linux/libraries/libraries.h"
#include "agent/probes/linux/network/network.h"
#include "agent/probes/linux/operations/operations.h"
#include "agent/probes/linux/security/security.h"
#include "agent/probes/linux/software/software.h"
#include "agent/probes/linux/system/system.h"
#include "agent/probes/linux/updates/updates.h"
#include "agent/probes/portable/interface_addresses.h"
#include "agent/probes/probe.h"

namespace assay::agent {
namespace {

std::vector<Probe> sorted_by_table() {
  std::vector<Probe> probes = {
      {.table = "interface_addresses", .collect = collect_interface_addresses}};
  for (const auto family :
       {accounts_probes(), firewall_probes(), hardening_probes(), libraries_probes(),
        network_probes(), operations_probes(), security_probes(), software_probes(),
        system_probes(), updates_probes()})
    probes.insert(probes.end(), family.begin(), family.end());
  std::ranges::sort(probes, {}, &Probe::table);
  return probes;
}

}  // namespace

std::span<const Probe> all_probes() {
  static const std::vector<Probe> kProbes = sorted_by_table();
  return kProbes;
}

const Probe* find_probe(std::string_view table) {
  const auto probes = all_probes();
  const auto found = std::ranges::lower_bound(probes, table, {}, &Probe::table);
  return found == probes.end() || found->table != table ? nullptr : &*found;
}

}  // namespace assay::agent
