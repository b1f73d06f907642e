// The probe of the table mfa: which services ask for a second factor, and whether one gets in
// without it.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// At least one row for each service through which people log in or gain rights; a service without
// a second factor has a row that says so. Whether a factor is required is worked out by going
// through the stack as libpam does, with every second factor refusing and the password right.
[[nodiscard]] Result<evidence::Table> collect_mfa(Host& host);

}  // namespace assay::agent
