#include "agent/probes/linux/system/system.h"

#include "agent/probes/linux/system/os_version.h"
#include "agent/probes/linux/system/system_info.h"

namespace assay::agent {

std::span<const Probe> system_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "os_version", .collect = collect_os_version},
      Probe{.table = "system_info", .collect = collect_system_info},
  };
  return kProbes;
}

}  // namespace assay::agent
