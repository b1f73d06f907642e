// Table automatic_updates.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// A row for each mechanism that the system could have. kNotFound on a system of another kind.
[[nodiscard]] Result<evidence::Table> collect_automatic_updates(Host& host);

}  // namespace assay::agent
