// Any bytes as what libnftables prints: refused, or rules that can be followed without end or
// crash. What is let through for sure is always among what perhaps is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/firewall/nft_ruleset.h"
#include "agent/probes/linux/firewall/packet_path.h"

using namespace assay::agent;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tables = parse_nft_ruleset({reinterpret_cast<const char*>(data), size}, {});
  if (!tables) return 0;
  const PacketPath path(*tables);
  for (const auto* address : {"192.0.2.10", "2001:db8::10"}) {
    const auto destination = *parse_address(address);
    const Flow flow{.family = destination.family,
                    .port = 22,
                    .in = "eth0",
                    .out = {},
                    .destination = destination};
    for (const auto& passage : {path.to_listener(flow), path.forwarded(flow)})
      if (!passage.perhaps.covers(passage.surely)) std::abort();
  }
  return 0;
}
