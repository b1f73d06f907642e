// Table interface_addresses.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_interface_addresses(Host& host);

}  // namespace assay::agent
