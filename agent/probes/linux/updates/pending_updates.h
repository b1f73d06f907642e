// Table pending_updates.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Of the package manager that the system has; kNotSupported when it has none whose lists this agent
// reads: what is pending is then unknown, not nothing.
[[nodiscard]] Result<evidence::Table> collect_pending_updates(Host& host);

}  // namespace assay::agent
