// The probes of this folder: sources and state of updates, and what runs by itself.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> updates_probes();

}  // namespace assay::agent
