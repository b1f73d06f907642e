// Table samba_shares.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Empty when Samba is not configured.
[[nodiscard]] Result<evidence::Table> collect_samba_shares(Host& host);

}  // namespace assay::agent
