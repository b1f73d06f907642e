// The probes of this folder: settings and files that harden the machine.
#pragma once

#include <span>

#include "agent/probes/probe.h"

namespace assay::agent {

[[nodiscard]] std::span<const Probe> hardening_probes();

}  // namespace assay::agent
