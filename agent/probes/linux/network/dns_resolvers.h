// Table dns_resolvers.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_dns_resolvers(Host& host);

}  // namespace assay::agent
