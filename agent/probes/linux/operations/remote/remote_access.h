// Table remote_access: the programs through which a person can work on this machine from afar.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// No program found is an empty table: that is the truth.
[[nodiscard]] Result<evidence::Table> collect_remote_access(Host& host);

}  // namespace assay::agent
