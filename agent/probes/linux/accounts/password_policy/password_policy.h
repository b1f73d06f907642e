// The probe of the table password_policy: the rules for passwords, their age and lockout
// that are really in force on a Linux host, and the file and line each comes from.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// One row per setting, always all of them. kNotFound on a host without PAM; kInvalidData
// when PAM includes loop or a file is binary; a file that exists and cannot be read is an
// Error too, because what it says might change any row.
[[nodiscard]] Result<evidence::Table> collect_password_policy(Host& host);

}  // namespace assay::agent
