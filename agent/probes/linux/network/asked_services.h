// Table services of a scan: no row. A scan asks no other machine's ports, so what they speak is not
// judged on this machine: rules over services and service_details ask this table whether they apply.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_asked_services(Host& host);

}  // namespace assay::agent
