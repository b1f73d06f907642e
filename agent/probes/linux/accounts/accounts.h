// The probes of this folder: who may log in, and how.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> accounts_probes();

}  // namespace assay::agent
