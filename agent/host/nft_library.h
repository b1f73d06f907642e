// libnftables, loaded only when it is needed: an agent on a machine without
// nftables' rules does not pay for it.
#pragma once

#include <string>

#include "evidence/result.h"

namespace assay::agent {

// What `nft --json --stateless list ruleset` prints. kNotFound when the library is not installed.
[[nodiscard]] Result<std::string> list_nft_ruleset();

}  // namespace assay::agent
