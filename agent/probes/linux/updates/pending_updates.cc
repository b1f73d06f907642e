#include "agent/probes/linux/updates/pending_updates.h"

#include "agent/probes/linux/software/apk_database.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"
#include "agent/probes/linux/updates/apk/apk_updates.h"
#include "agent/probes/linux/updates/apt/apt_updates.h"
#include "agent/probes/linux/updates/rpm/rpm_updates.h"

namespace assay::agent {

Result<evidence::Table> collect_pending_updates(Host& host) {
  auto of_apt = collect_apt_updates(host);
  if (of_apt || of_apt.error().code() != Code::kNotSupported) return of_apt;
  auto of_rpm = collect_rpm_updates(host);
  if (of_rpm || of_rpm.error().code() != Code::kNotFound) return of_rpm;
  // Without a database of any, the system has another package manager.
  const auto packages = visit_rpm_packages(host, [](ByteSource&) -> Status { return {}; });
  if (packages || packages.error().code() != Code::kNotFound) return of_rpm;
  auto of_apk = collect_apk_updates(host);
  if (of_apk || of_apk.error().code() != Code::kNotFound || read_apk_database(host)) return of_apk;
  return of_apt;
}

}  // namespace assay::agent
