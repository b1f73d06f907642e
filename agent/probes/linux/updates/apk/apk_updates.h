// Pending updates of a system of apk's, by the indexes that it fetched last.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// The table pending_updates. kNotFound where apk has no database, or none of its repositories'
// indexes is there. What cannot be told of a repository is a row that says so.
[[nodiscard]] Result<evidence::Table> collect_apk_updates(Host& host);

}  // namespace assay::agent
