#include "agent/probes/linux/network/arp_cache.h"

#include <linux/neighbour.h>

#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

std::string_view state_name(std::uint16_t state) {
  switch (state) {
    case NUD_INCOMPLETE: return "incomplete";
    case NUD_REACHABLE: return "reachable";
    case NUD_STALE: return "stale";
    case NUD_DELAY: return "delay";
    case NUD_PROBE: return "probe";
    case NUD_FAILED: return "failed";
    case NUD_PERMANENT: return "permanent";
    default: return "none";
  }
}

}  // namespace

Result<evidence::Table> collect_arp_cache(Host& host) {
  const auto neighbours = host.neighbours();
  if (!neighbours) return fail(neighbours.error());
  evidence::Table table(*evidence::find_table("arp_cache"));
  for (const auto& neighbour : *neighbours) {
    // Addresses that need no asking: groups, loopback.
    if ((neighbour.state & NUD_NOARP) != 0 || neighbour.address.empty()) continue;
    const bool is_permanent = (neighbour.state & NUD_PERMANENT) != 0;
    table.add({{"address", neighbour.address},
               {"mac", text_or_null(neighbour.mac)},
               {"interface", text_or_null(neighbour.interface)},
               {"permanent", std::string(is_permanent ? "1" : "0")},
               {"state", std::string(state_name(neighbour.state))},
               {"is_router", std::int64_t{neighbour.is_router}}});
  }
  return table;
}

}  // namespace assay::agent
