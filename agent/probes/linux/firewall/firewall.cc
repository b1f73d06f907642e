#include "agent/probes/linux/firewall/firewall.h"

#include "agent/probes/linux/firewall/exposure.h"
#include "agent/probes/linux/firewall/firewall_counters.h"
#include "agent/probes/linux/firewall/firewall_rules.h"
#include "agent/probes/linux/firewall/firewall_status.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"

namespace assay::agent {

std::span<const Probe> firewall_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "exposure", .collect = collect_exposure, .budget = kRpmBudget},
      Probe{.table = "firewall_counters", .collect = collect_firewall_counters},
      Probe{.table = "firewall_rules", .collect = collect_firewall_rules},
      Probe{.table = "firewall_status", .collect = collect_firewall_status},
  };
  return kProbes;
}

}  // namespace assay::agent
