// The probes of this folder: the machine and its system.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> system_probes();

}  // namespace assay::agent
