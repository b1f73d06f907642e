// The probe of the table last_logins: when, from where and on what terminal each account logged in
// last, and how far back the machine's own notes reach.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// One row for each account of /etc/passwd and for every other name that logged in. A file of
// logins that exists and cannot be read is an Error: it might hold the last login of anybody.
[[nodiscard]] Result<evidence::Table> collect_last_logins(Host& host);

}  // namespace assay::agent
