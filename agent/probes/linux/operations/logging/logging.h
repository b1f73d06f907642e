// Table logging: whether logs are kept, for how long, who may read them, and where else they go.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Settings that a daemon itself could not make sense of are rows with a NULL value and a note; a
// failure of the machine is an Error.
[[nodiscard]] Result<evidence::Table> collect_logging(Host& host);

}  // namespace assay::agent
