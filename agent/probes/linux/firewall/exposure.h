// Table exposure.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotSupported for an image. An error when a packet filter could not be read: without it nothing
// can be said of any listener.
[[nodiscard]] Result<evidence::Table> collect_exposure(Host& host);

}  // namespace assay::agent
