// Table pending_updates.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// What apt would upgrade, by the lists that it fetched last; nothing is fetched, apt is not run.
// kNotFound without any list, kNotSupported on a system that has no dpkg.
[[nodiscard]] Result<evidence::Table> collect_pending_updates(Host& host);

}  // namespace assay::agent
