#include "agent/probes/linux/firewall/firewall_counters.h"

#include "agent/probes/linux/firewall/packet_filters.h"
#include "agent/probes/linux/firewall/rule_rows.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxStatBytes = 4U << 20U;

// When the system was started; rules live no longer. NULL when the kernel does not tell.
evidence::Value start_of_system(Host& host) {
  constexpr std::string_view kKey = "btime ";
  const auto stat = host.read_file("/proc/stat", kMaxStatBytes);
  if (!stat) return evidence::kNull;
  Lines lines(*stat);
  while (const auto line = lines.next())
    if (line->starts_with(kKey)) return number_or_null(decimal(trimmed(line->substr(kKey.size()))));
  return evidence::kNull;
}

}  // namespace

Result<evidence::Table> collect_firewall_counters(Host& host) {
  const auto filters = read_packet_filters(host, Counters::kRead);
  if (!filters) return fail(filters.error());
  const auto not_before = start_of_system(host);
  evidence::Table table(*evidence::find_table("firewall_counters"));
  for (const auto& rules : filters->tables) add_counter_rows(rules, not_before, table);
  return table;
}

}  // namespace assay::agent
