// nftables' rules, from the JSON that libnftables prints (schema version 1).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "agent/host/packet_filter.h"
#include "agent/probes/linux/firewall/filter_rule.h"
#include "evidence/result.h"

namespace assay::agent {

// All tables. `extensions` explain what stands in the rules as {"xt": …}; without them such a rule
// is not understood. kInvalidData when the text is not what libnftables prints.
[[nodiscard]] Result<std::vector<FilterTable>> parse_nft_ruleset(
    std::string_view json, std::span<const NftRuleExtensions> extensions);

}  // namespace assay::agent
