// The probes of this folder: what the system's package managers installed.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> software_probes();

}  // namespace assay::agent
