// Any bytes as the entries of iptables' table: refused, or whole chains of rules. The first bytes
// are the family, the hooks, the number of entries and where the hooks begin.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/probes/linux/firewall/xt_table.h"

using namespace assay::agent;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kHeader = 13;
  if (size < kHeader) return 0;
  LegacyTable table{.family = static_cast<std::uint8_t>((data[0] & 1U) == 0 ? 2 : 10),
                    .name = "filter",
                    .valid_hooks = data[1] & 0x1fU,
                    .entry_count = data[2],
                    .entries = {reinterpret_cast<const char*>(data + kHeader), size - kHeader}};
  for (std::size_t i = 0; i < table.hook_entry.size(); ++i)
    table.hook_entry[i] = data[3 + 2 * i] | static_cast<std::uint32_t>(data[4 + 2 * i]) << 8U;
  const auto parsed = parse_legacy_table(table);
  if (!parsed) return 0;
  for (const auto& chain : parsed->chains)
    for (const auto& rule : chain.rules)
      if (rule.position < 1) std::abort();
  return 0;
}
