// One comparison of a rule of nftables.
#pragma once

#include <nlohmann/json.hpp>

#include "agent/probes/linux/firewall/filter_rule.h"
#include "agent/probes/linux/firewall/nft_value.h"

namespace assay::agent {

// Adds {"op": …, "left": …, "right": …} to the rule's conditions; what is not understood as that.
void add_nft_match(const nlohmann::json& match, const NftSets& sets, FilterRule& rule);
// The same for `left` that is equal to `right`, as in the key of a verdict map.
void add_nft_equal(const nlohmann::json& left, const nlohmann::json& right, const NftSets& sets,
                   FilterRule& rule);

}  // namespace assay::agent
