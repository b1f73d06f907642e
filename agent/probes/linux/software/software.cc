#include "agent/probes/linux/software/software.h"

#include "agent/probes/linux/software/deb_packages.h"

namespace assay::agent {

std::span<const Probe> software_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "deb_packages", .collect = collect_deb_packages},
  };
  return kProbes;
}

}  // namespace assay::agent
