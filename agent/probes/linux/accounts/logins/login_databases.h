// Reads the SQLite files that newer systems note logins in: lastlog2 and wtmpdb.
//
// A file is read whole and opened in memory: no lock is taken and nothing is written.
// One thread at a time per Host.
#pragma once

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/logins/login_history.h"
#include "evidence/result.h"

namespace assay::agent {

// Those that exist. kInvalidData when one is no such database.
[[nodiscard]] Status read_login_databases(Host& host, LoginHistory& history);

}  // namespace assay::agent
