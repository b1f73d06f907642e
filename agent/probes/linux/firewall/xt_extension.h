// The extensions of iptables, from the structures that the kernel keeps: the same
// in iptables' own tables and inside rules of nftables.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/probes/linux/firewall/filter_rule.h"

namespace assay::agent {

// Adds what the match says to `rule`. What we do not know, or data that is too short, makes the
// rule not understood.
void add_xt_match(IpFamily family, std::string_view name, std::uint32_t revision,
                  std::string_view data, FilterRule& rule);
// Sets the rule's action. The standard target (a verdict) is none of these.
void add_xt_target(IpFamily family, std::string_view name, std::uint32_t revision,
                   std::string_view data, FilterRule& rule);

}  // namespace assay::agent
