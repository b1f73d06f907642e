#include "agent/probes/linux/software/software.h"

#include "agent/probes/linux/software/apk_packages.h"
#include "agent/probes/linux/software/bundles/flatpak_packages.h"
#include "agent/probes/linux/software/bundles/snap_packages.h"
#include "agent/probes/linux/software/deb_packages.h"
#include "agent/probes/linux/software/images/container_images.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"

namespace assay::agent {

std::span<const Probe> software_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "apk_packages", .collect = collect_apk_packages},
      Probe{.table = "container_images", .collect = collect_container_images},
      Probe{.table = "deb_packages", .collect = collect_deb_packages},
      Probe{.table = "flatpak_packages", .collect = collect_flatpak_packages},
      Probe{.table = "rpm_packages", .collect = collect_rpm_packages, .budget = kRpmBudget},
      Probe{.table = "snap_packages", .collect = collect_snap_packages},
  };
  return kProbes;
}

}  // namespace assay::agent
