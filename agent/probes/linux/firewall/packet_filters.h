// All packet filters of the running kernel, in one shape.
#pragma once

#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/firewall/filter_rule.h"

namespace assay::agent {

struct PacketFilters {
  bool has_nftables = false;  // the kernel has it, with or without rules
  bool has_iptables = false;  // a table of iptables-legacy is in use
  bool has_ip6tables = false;
  std::vector<FilterTable> tables;
};

// Whole or an error: a filter that could not be read would be taken for none.
[[nodiscard]] Result<PacketFilters> read_packet_filters(Host& host,
                                                        Counters counters = Counters::kLeftOut);

// Whether the kernel has nftables, loaded or built in. kUnavailable when that cannot be told: a
// question to a kernel that does not have it would load the module.
[[nodiscard]] Result<bool> has_nftables(Host& host);

}  // namespace assay::agent
