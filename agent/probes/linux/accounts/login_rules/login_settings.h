// The probe of the table login_settings: how long an idle shell or console lives, the umask that
// people work with, who is logged in unasked, where root may log in and what is shown before.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// Each setting has at least one row, also when nothing sets it. Files of the users' own homes are
// not read: what they change is only prevented where a setting is read-only.
[[nodiscard]] Result<evidence::Table> collect_login_settings(Host& host);

}  // namespace assay::agent
