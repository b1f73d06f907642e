// Table pending_updates on systems of apt's.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// What apt would upgrade, by the lists that it fetched last; nothing is fetched, apt is not run.
// kNotFound without any list, kNotSupported on a system whose packages are not dpkg's.
[[nodiscard]] Result<evidence::Table> collect_apt_updates(Host& host);

}  // namespace assay::agent
