// Table routes.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_routes(Host& host);

}  // namespace assay::agent
