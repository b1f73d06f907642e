// Table listening_ports.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotSupported for an image. Without privileges the owners of other people's sockets stay NULL.
[[nodiscard]] Result<evidence::Table> collect_listening_ports(Host& host);

}  // namespace assay::agent
