#include "agent/probes/linux/network/network.h"

#include "agent/probes/linux/network/listening_ports.h"

namespace assay::agent {

std::span<const Probe> network_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "listening_ports", .collect = collect_listening_ports},
  };
  return kProbes;
}

}  // namespace assay::agent
