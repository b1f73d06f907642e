// Table firewall_status.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotSupported for an image: which filter is in force only the kernel knows.
[[nodiscard]] Result<evidence::Table> collect_firewall_status(Host& host);

}  // namespace assay::agent
