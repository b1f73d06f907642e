// Table security_agents.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// No product found is an empty table: that is the truth. What cannot be known of a product that is
// there is NULL, with the reason in the column note.
[[nodiscard]] Result<evidence::Table> collect_security_agents(Host& host);

}  // namespace assay::agent
