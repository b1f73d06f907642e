// Table time_sync: who sets the clock, from which servers, and whether the kernel takes it for set.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Always one row of the kernel, and one for each source of each daemon that is installed; a daemon
// without a source has one row.
[[nodiscard]] Result<evidence::Table> collect_time_sync(Host& host);

}  // namespace assay::agent
