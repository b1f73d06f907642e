// The probe of the table authorized_keys: which keys open which account. Never holds a key.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// Every key file that sshd would look into for an account of /etc/passwd, wherever its settings put
// them. A file of one user that cannot be read is a row that says so; settings of sshd that cannot
// be read are an Error, for they say where the files are.
[[nodiscard]] Result<evidence::Table> collect_authorized_keys(Host& host);

}  // namespace assay::agent
