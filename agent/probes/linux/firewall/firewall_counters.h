// Table firewall_counters.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Empty when no rule counts. Fails as the packet filters cannot be read.
[[nodiscard]] Result<evidence::Table> collect_firewall_counters(Host& host);

}  // namespace assay::agent
