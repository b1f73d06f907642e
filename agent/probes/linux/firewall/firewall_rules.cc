#include "agent/probes/linux/firewall/firewall_rules.h"

#include "agent/probes/linux/firewall/firewalld.h"
#include "agent/probes/linux/firewall/packet_filters.h"
#include "agent/probes/linux/firewall/rule_rows.h"
#include "agent/probes/linux/firewall/ufw.h"

namespace assay::agent {

Result<evidence::Table> collect_firewall_rules(Host& host) {
  const auto filters = read_packet_filters(host);
  if (!filters) return fail(filters.error());
  const auto ufw = read_ufw(host);
  if (!ufw) return fail(ufw.error());
  const auto firewalld = read_firewalld(host);
  if (!firewalld) return fail(firewalld.error());

  evidence::Table table(*evidence::find_table("firewall_rules"));
  for (const auto& rules : filters->tables) add_rule_rows(rules, {}, table);
  if (*ufw) {
    add_rule_rows((*ufw)->rules, kUfwRules, table);
    if ((*ufw)->has_ipv6) add_rule_rows((*ufw)->rules6, kUfwRules6, table);
  }
  if (*firewalld)
    for (const auto& zone : (*firewalld)->zones) add_rule_rows(zone.table, zone.file, table);
  return table;
}

}  // namespace assay::agent
