// Table update_history.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotFound when no package manager left a log: when the machine was updated is then unknown.
[[nodiscard]] Result<evidence::Table> collect_update_history(Host& host);

}  // namespace assay::agent
