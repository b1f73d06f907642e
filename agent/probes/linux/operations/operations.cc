#include "agent/probes/linux/operations/operations.h"

#include "agent/probes/linux/operations/logging/logging.h"
#include "agent/probes/linux/operations/remote/remote_access.h"
#include "agent/probes/linux/operations/time/clock_state.h"
#include "agent/probes/linux/operations/time/time_sync.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"

namespace assay::agent {

std::span<const Probe> operations_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "clock_state", .collect = collect_clock_state},
      Probe{.table = "logging", .collect = collect_logging},
      Probe{.table = "remote_access", .collect = collect_remote_access, .budget = kRpmBudget},
      Probe{.table = "time_sync", .collect = collect_time_sync},
  };
  return kProbes;
}

}  // namespace assay::agent
