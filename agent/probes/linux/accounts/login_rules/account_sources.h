// The probe of the table account_sources: where this machine takes accounts, groups and rights
// from, in order: its own files, or a directory whose rules it does not know.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// One row for each source of passwd, group, shadow and sudoers in nsswitch.conf; a source with
// several domains has a row for each.
[[nodiscard]] Result<evidence::Table> collect_account_sources(Host& host);

}  // namespace assay::agent
