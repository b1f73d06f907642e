// Table apt_sources.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotFound on a system without /etc/apt: it has no apt, and no such table.
[[nodiscard]] Result<evidence::Table> collect_apt_sources(Host& host);

}  // namespace assay::agent
