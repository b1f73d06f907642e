#include "agent/probes/linux/updates/updates.h"

#include "agent/probes/linux/software/rpm/rpm_packages.h"
#include "agent/probes/linux/updates/apt/apt_sources.h"
#include "agent/probes/linux/updates/backup/backup_jobs.h"
#include "agent/probes/linux/updates/history/automatic_updates.h"
#include "agent/probes/linux/updates/history/package_installs.h"
#include "agent/probes/linux/updates/history/update_history.h"
#include "agent/probes/linux/updates/kernel_modules.h"
#include "agent/probes/linux/updates/pending_updates.h"
#include "agent/probes/linux/updates/restart/reboot_required.h"
#include "agent/probes/linux/updates/schedule/scheduled_tasks.h"
#include "agent/probes/linux/updates/yum_repos.h"

namespace assay::agent {

std::span<const Probe> updates_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "apt_sources", .collect = collect_apt_sources},
      Probe{.table = "automatic_updates", .collect = collect_automatic_updates},
      Probe{.table = "backup_jobs", .collect = collect_backup_jobs},
      Probe{.table = "kernel_modules", .collect = collect_kernel_modules},
      // Who installed what matters to a review, and not to every scan.
      Probe{.table = "package_installs",
            .collect = collect_package_installs,
            .cadence = Cadence::kDaily},
      // Reads some fifty megabytes of lists, or some hundreds on systems of rpm's.
      Probe{.table = "pending_updates",
            .collect = collect_pending_updates,
            .cadence = Cadence::kDaily,
            // XML of some hundred megabytes a second.
            .budget = {.cpu = std::chrono::seconds(8),
                       .wall = std::chrono::seconds(30),
                       .read_bytes = kRpmReadBytes}},
      // Looks into the memory map of every process.
      Probe{.table = "reboot_required",
            .collect = collect_reboot_required,
            .cadence = Cadence::kDaily},
      Probe{.table = "scheduled_tasks", .collect = collect_scheduled_tasks},
      Probe{.table = "update_history", .collect = collect_update_history},
      Probe{.table = "yum_repos", .collect = collect_yum_repos},
  };
  return kProbes;
}

}  // namespace assay::agent
