// Table arp_cache.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_arp_cache(Host& host);

}  // namespace assay::agent
