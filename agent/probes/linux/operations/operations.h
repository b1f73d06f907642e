// The probes of this folder: logging, time, remote access.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> operations_probes();

}  // namespace assay::agent
