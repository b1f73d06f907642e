// Table nfs_exports.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_nfs_exports(Host& host);

}  // namespace assay::agent
