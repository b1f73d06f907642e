// Results of a sweep as rows of the tables reachable_ports and sweeps.
#pragma once

#include <span>
#include <vector>

#include "agent/network/sweep/engine/target_result.h"
#include "evidence/table.h"

namespace assay::agent::sweep {

// Both tables, whatever was found.
[[nodiscard]] std::vector<evidence::Table> sweep_tables(std::span<const TargetResult> results);

}  // namespace assay::agent::sweep
