// Table observed_capture of a scan: no row. A scan runs no sensor, so what crosses the wire is not
// judged on this machine: rules over the other observed_ tables ask this one whether they apply.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_observed_capture(Host& host);

}  // namespace assay::agent
