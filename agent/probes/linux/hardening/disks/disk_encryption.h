// Table disk_encryption: for each mounted file system of a disk, and each swap area, whether what
// is written there is encrypted, and by what.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_disk_encryption(Host& host);

}  // namespace assay::agent
