// Table crypto_policy: what the system as a whole asks of cryptography: the policy of the
// distribution, the libraries' configuration, the kernel's modes.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_crypto_policy(Host& host);

}  // namespace assay::agent
