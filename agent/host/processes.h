// The running programs, from the running machine's /proc.
#pragma once

#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

// Sorted by pid. What ends during the look is left out.
[[nodiscard]] Result<std::vector<Process>> list_processes();

}  // namespace assay::agent
