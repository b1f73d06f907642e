// The sweep that anybody may do: a connection to each port, reset as soon as it stands.
//
// A connection to this machine can meet itself: when the kernel gives it the port that it is about
// to ask as its own, both ends are the same socket and the port looks open (RFC 9293 §3.5, the
// simultaneous open). So each socket is bound to a port that we then know to be ours, and nothing
// of ours counts as a listener.
#pragma once

#include <vector>

#include "agent/network/sweep/engine/sweep_targets.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

// The TCP ports of the part; a result per address. kIo: no sockets can be had.
[[nodiscard]] Result<std::vector<TargetResult>> connect_sweep(const SweepPart& part,
                                                              const SweepOptions& options);

}  // namespace assay::agent::sweep
