// The few UDP ports that matter, each asked in its protocol's own words. An answer is open, an
// ICMP port unreachable closed; silence is neither (open|filtered) and said as such.
#pragma once

#include <vector>

#include "agent/network/sweep/engine/sweep_targets.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

// The UDP ports of the part; a result per address. kIo: no sockets can be had.
[[nodiscard]] Result<std::vector<TargetResult>> udp_sweep(const SweepPart& part,
                                                          const SweepOptions& options);

}  // namespace assay::agent::sweep
