// Any bytes as the entries of iptables' table: refused, or whole chains of rules.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/probes/linux/firewall/xt_table.h"

using namespace assay::agent;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  LegacyTable table{.family = static_cast<std::uint8_t>((data[0] & 1U) == 0 ? 2 : 10),
                    .name = "filter",
                    .valid_hooks = data[1] & 0x1fU,
                    .entry_count = data[2],
                    .entries = {reinterpret_cast<const char*>(data + 3), size - 3}};
  const auto parsed = parse_legacy_table(table);
  if (!parsed) return 0;
  for (const auto& chain : parsed->chains)
    for (const auto& rule : chain.rules)
      if (rule.position < 1) std::abort();
  return 0;
}
