// The probe of the table sudoers: who may run what as whom, and with whose password.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// A rule gives one row for each of its users and groups (aliases written out) and each set of
// commands that share their conditions. No rows: there is no sudo. A file that exists and cannot
// be read is an Error.
[[nodiscard]] Result<evidence::Table> collect_sudoers(Host& host);

}  // namespace assay::agent
