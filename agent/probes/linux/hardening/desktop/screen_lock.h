// Table screen_lock: after how long without input each desktop that is installed locks the
// screen, and whether users may change that.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// Empty when no desktop, no locker and no systemd-logind is installed.
[[nodiscard]] Result<evidence::Table> collect_screen_lock(Host& host);

}  // namespace assay::agent
