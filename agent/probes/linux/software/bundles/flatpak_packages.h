// Table flatpak_packages.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Applications and runtimes of the system's installation and of those in home folders. What may
// not be read in a home is a row that says so. Empty on a system without flatpaks;
// kNotFound where there is no system at all.
[[nodiscard]] Result<evidence::Table> collect_flatpak_packages(Host& host);

}  // namespace assay::agent
