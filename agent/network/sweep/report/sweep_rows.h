// Results of a sweep as rows of the tables reachable_ports and sweeps.
#pragma once

#include <span>
#include <vector>

#include "agent/network/sweep/engine/target_result.h"
#include "evidence/table.h"

namespace assay::agent::sweep {

// What a table has room for (evidence/limits.h) must hold whatever others answer: machines that
// answer on every port are listed with a part of them, the same for each, and the note says so. The
// counts are always whole.
inline constexpr std::size_t kMaxPortRows = 250'000;
inline constexpr std::size_t kMaxPortsText = 24U << 20U;  // of the column "ports", all rows

// Both tables, whatever was found.
[[nodiscard]] std::vector<evidence::Table> sweep_tables(std::span<const TargetResult> results);

}  // namespace assay::agent::sweep
