// The tables of iptables-legacy and ip6tables-legacy.
#pragma once

#include "agent/host/packet_filter.h"
#include "agent/probes/linux/firewall/filter_rule.h"
#include "evidence/result.h"

namespace assay::agent {

// kInvalidData for entries that do not fit together.
[[nodiscard]] Result<FilterTable> parse_legacy_table(const LegacyTable& table);

}  // namespace assay::agent
