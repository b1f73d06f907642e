// Table system_info.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// In an image only the names are known: the rest describes the machine that reads it.
[[nodiscard]] Result<evidence::Table> collect_system_info(Host& host);

}  // namespace assay::agent
