// Table pending_updates on systems of rpm's.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// What dnf, yum or zypper would upgrade, by the lists that they fetched last; nothing is fetched and
// none of them is run. kNotFound without any list or without an rpm database.
[[nodiscard]] Result<evidence::Table> collect_rpm_updates(Host& host);

}  // namespace assay::agent
