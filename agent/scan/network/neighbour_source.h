// What a resident agent asks of its neighbours: are the ports of the settings reachable from here?
// So "reachable" is measured by another machine, and not assumed from a socket table.
#pragma once

#include <chrono>
#include <cstdint>

#include "agent/network/sweep/plan/scope.h"
#include "evidence/result.h"

namespace assay::agent {

// A check holds up the scan that it is a part of: one that would take longer is not begun.
inline constexpr std::chrono::minutes kMaxNeighbourCheck{10};

// kUnavailable outside the time window, kTooLarge when it would take longer than
// kMaxNeighbourCheck at the rate of the settings. `now`: seconds since 1970, UTC.
[[nodiscard]] Result<sweep::SweepPlan> neighbour_plan(const sweep::SweepSettings& settings,
                                                      std::int64_t now);

}  // namespace assay::agent
