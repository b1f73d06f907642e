// Table backup_jobs.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Known tools that are installed or scheduled, and tasks whose names speak of backups. An empty
// table: none was found.
[[nodiscard]] Result<evidence::Table> collect_backup_jobs(Host& host);

}  // namespace assay::agent
