// Table firewall_rules.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotSupported for an image: which rules are in force only the kernel knows.
[[nodiscard]] Result<evidence::Table> collect_firewall_rules(Host& host);

}  // namespace assay::agent
