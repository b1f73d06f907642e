// Table sshd_config: what the OpenSSH server of this machine is set to, keyword by keyword,
// as `sshd -T` would print it, with file and line.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// Empty when no OpenSSH server is installed.
[[nodiscard]] Result<evidence::Table> collect_sshd_config(Host& host);

}  // namespace assay::agent
