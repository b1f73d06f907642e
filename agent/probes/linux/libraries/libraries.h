// The probes of this folder: software that package managers of languages brought, or nobody's.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> libraries_probes();

}  // namespace assay::agent
