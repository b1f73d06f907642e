// Table apk_packages.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotFound without apk's database: a system without apk has no table, not an empty one.
[[nodiscard]] Result<evidence::Table> collect_apk_packages(Host& host);

}  // namespace assay::agent
