// The probes of this folder: packet filters and what they leave open.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> firewall_probes();

}  // namespace assay::agent
