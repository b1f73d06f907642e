// The probes of this folder: addresses, listeners, filters and shares.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> network_probes();

}  // namespace assay::agent
