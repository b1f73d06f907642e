// What was recognised, as rows of the tables services and service_details.
#pragma once

#include <vector>

#include "agent/network/services/engine/endpoint_scan.h"
#include "evidence/table.h"

namespace assay::agent::services {

// Both tables, with one row per endpoint in the first.
[[nodiscard]] std::vector<evidence::Table> service_tables(
    const std::vector<EndpointResult>& results);

}  // namespace assay::agent::services
