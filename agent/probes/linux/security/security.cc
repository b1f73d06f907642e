#include "agent/probes/linux/security/security.h"

#include "agent/probes/linux/security/security_agents.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"

namespace assay::agent {

std::span<const Probe> security_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "security_agents", .collect = collect_security_agents, .budget = kRpmBudget},
  };
  return kProbes;
}

}  // namespace assay::agent
