// libnftables, loaded only when it is needed: an agent on a machine without
// nftables' rules does not pay for it.
#pragma once

#include <string>

#include "agent/host/packet_filter.h"
#include "evidence/result.h"

namespace assay::agent {

// What `nft --json list ruleset` prints, with --stateless when counters are left out. kNotFound
// when the library is not installed.
[[nodiscard]] Result<std::string> list_nft_ruleset(Counters counters);

}  // namespace assay::agent
