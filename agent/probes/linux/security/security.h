// The probes of this folder: protection in place.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> security_probes();

}  // namespace assay::agent
