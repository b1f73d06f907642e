// Table reboot_required.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotSupported for an image: nothing runs there.
[[nodiscard]] Result<evidence::Table> collect_reboot_required(Host& host);

}  // namespace assay::agent
