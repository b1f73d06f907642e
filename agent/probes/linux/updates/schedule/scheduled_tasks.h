// Table scheduled_tasks.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_scheduled_tasks(Host& host);

}  // namespace assay::agent
