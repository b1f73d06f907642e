// Table wifi_networks.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Keys and passwords of the files are never taken out of them.
[[nodiscard]] Result<evidence::Table> collect_wifi_networks(Host& host);

}  // namespace assay::agent
