// Table snap_packages.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Every revision that is installed, from snapd's state; without that, the current ones in /snap.
// Empty on a system without snaps; kNotFound where there is no system at all.
[[nodiscard]] Result<evidence::Table> collect_snap_packages(Host& host);

}  // namespace assay::agent
