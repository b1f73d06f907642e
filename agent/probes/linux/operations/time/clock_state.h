// Table clock_state: what the kernel knows of its clock now.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// One row. kNotSupported when an image is read.
[[nodiscard]] Result<evidence::Table> collect_clock_state(Host& host);

}  // namespace assay::agent
