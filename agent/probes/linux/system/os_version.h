// Table os_version.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Fails when there is no os-release: a system that cannot be named is not judged.
[[nodiscard]] Result<evidence::Table> collect_os_version(Host& host);

}  // namespace assay::agent
