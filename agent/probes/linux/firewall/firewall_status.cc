#include "agent/probes/linux/firewall/firewall_status.h"

#include "agent/probes/linux/firewall/firewalld.h"
#include "agent/probes/linux/firewall/packet_filters.h"
#include "agent/probes/linux/firewall/ufw.h"
#include "agent/probes/linux/processes/services.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

struct BackendRow {
  std::string backend;
  bool is_present = false;
  bool is_active = false;
  Value enabled_at_boot = kNull;
  // default_in, default_forward, default_out: for IPv4, then for IPv6
  std::array<Value, 6> defaults{};
  std::int64_t rules = 0;
  std::string note;
};

constexpr std::array kHooks = {Hook::kInput, Hook::kForward, Hook::kOutput};

bool is_of(const FilterTable& table, IpFamily family) {
  return table.family == FilterFamily::kInet ||
         table.family == (family == IpFamily::kV4 ? FilterFamily::kIp : FilterFamily::kIp6);
}

bool has_reach(const FilterTable& table) {
  return !table.is_dormant && table.family != FilterFamily::kArp;
}

// "drop" when a base chain drops what no rule decides, else "accept"; NULL when there is no chain.
Value policy_of(const std::vector<const FilterTable*>& tables, Hook hook, IpFamily family) {
  Value policy = kNull;
  for (const auto* table : tables) {
    if (!has_reach(*table) || !is_of(*table, family)) continue;
    for (const auto& chain : table->chains) {
      if (chain.hook != hook || chain.type == "nat") continue;
      if (chain.policy != Action::kAccept || policy == Value(kNull))
        policy = std::string(name_of(chain.policy));
    }
  }
  return policy;
}

void count(const std::vector<const FilterTable*>& tables, BackendRow& row) {
  for (const auto* table : tables) {
    if (!has_reach(*table)) continue;
    for (const auto& chain : table->chains) {
      row.rules += static_cast<std::int64_t>(chain.rules.size());
      if (!chain.rules.empty() || (chain.hook && chain.policy != Action::kAccept))
        row.is_active = true;
    }
  }
  for (std::size_t i = 0; i < kHooks.size(); ++i) {
    row.defaults.at(i) = policy_of(tables, kHooks[i], IpFamily::kV4);
    row.defaults.at(i + kHooks.size()) = policy_of(tables, kHooks[i], IpFamily::kV6);
  }
}

std::vector<const FilterTable*> of_backend(const PacketFilters& filters, std::string_view backend) {
  std::vector<const FilterTable*> tables;
  for (const auto& table : filters.tables)
    if (backend.empty() || table.backend == backend) tables.push_back(&table);
  return tables;
}

Result<Value> enabled(Services& services, std::initializer_list<std::string_view> units) {
  const auto is_enabled = services.is_enabled(std::span(units.begin(), units.size()));
  if (!is_enabled) return fail(is_enabled.error());
  if (!*is_enabled) return Value(kNull);
  return Value(std::int64_t{**is_enabled});
}

void add_row(const BackendRow& row, evidence::Table& table) {
  table.add({{"backend", row.backend},
             {"present", std::int64_t{row.is_present}},
             {"active", std::int64_t{row.is_active}},
             {"enabled_at_boot", row.enabled_at_boot},
             {"default_in", row.defaults[0]},
             {"default_forward", row.defaults[1]},
             {"default_out", row.defaults[2]},
             {"default_in_v6", row.defaults[3]},
             {"default_forward_v6", row.defaults[4]},
             {"default_out_v6", row.defaults[5]},
             {"rules", row.rules},
             {"note", text_or_null(row.note)}});
}

Result<BackendRow> kernel_row(const PacketFilters& filters, std::string_view backend,
                              bool is_present, Services& services,
                              std::initializer_list<std::string_view> units) {
  BackendRow row{.backend = std::string(backend), .is_present = is_present};
  count(of_backend(filters, backend), row);
  auto boot = enabled(services, units);
  if (!boot) return fail(std::move(boot.error()));
  row.enabled_at_boot = *std::move(boot);
  return row;
}

// All that the kernel does, whoever asked for it. Without a chain, the kernel lets packets by.
BackendRow sum_row(const PacketFilters& filters) {
  BackendRow row{.backend = "kernel", .is_present = true};
  count(of_backend(filters, {}), row);
  for (auto& policy : row.defaults)
    if (policy == Value(kNull)) policy = std::string("accept");
  const bool can_drop = std::ranges::any_of(filters.tables, [](const FilterTable& table) {
    return has_reach(table) && std::ranges::any_of(table.chains, [](const FilterChain& chain) {
             return (chain.hook && chain.policy != Action::kAccept) ||
                    std::ranges::any_of(chain.rules, [](const FilterRule& rule) {
                      return rule.action == Action::kDrop || rule.action == Action::kReject ||
                             rule.action == Action::kOther;
                    });
           });
  });
  if (!can_drop)
    row.note = row.is_active ? "no rule or policy stops a packet" : "no packet filter at all";
  return row;
}

Result<BackendRow> ufw_row(Host& host, Services& services) {
  BackendRow row{.backend = "ufw"};
  const auto ufw = read_ufw(host);
  if (!ufw) return fail(ufw.error());
  if (!*ufw) return row;
  const auto boot = enabled(services, {"ufw.service"});
  if (!boot) return fail(boot.error());
  row.is_present = true;
  // ufw has no process: its start script loads the rules when its own setting says so.
  row.is_active = (*ufw)->is_enabled;
  row.enabled_at_boot = (*ufw)->is_enabled ? *boot : Value(std::int64_t{0});
  const auto policy = [](Action action) { return Value(std::string(name_of(action))); };
  row.defaults = {policy((*ufw)->input), policy((*ufw)->forward), policy((*ufw)->output)};
  if ((*ufw)->has_ipv6)
    std::copy_n(row.defaults.begin(), kHooks.size(), row.defaults.begin() + kHooks.size());
  for (const auto* rules : {&(*ufw)->rules, &(*ufw)->rules6})
    for (const auto& chain : rules->chains)
      row.rules += static_cast<std::int64_t>(chain.rules.size());
  row.note = (*ufw)->is_enabled ? "as configured in /etc/ufw" : "ENABLED is not yes in ufw.conf";
  return row;
}

Result<BackendRow> firewalld_row(Host& host, Services& services) {
  BackendRow row{.backend = "firewalld"};
  const auto firewalld = read_firewalld(host);
  if (!firewalld) return fail(firewalld.error());
  if (!*firewalld) return row;
  constexpr std::array<std::string_view, 1> kUnits = {"firewalld.service"};
  const auto running = services.is_running(kUnits, {});
  if (!running) return fail(running.error());
  auto boot = enabled(services, {"firewalld.service"});
  if (!boot) return fail(std::move(boot.error()));
  row.is_present = true;
  row.is_active = running->value_or(false);
  row.enabled_at_boot = *std::move(boot);
  row.note = "default zone " + (*firewalld)->default_zone;
  for (const auto& zone : (*firewalld)->zones) {
    const auto& chain = zone.table.chains.front();
    row.rules += static_cast<std::int64_t>(chain.rules.size());
    if (zone.table.name == (*firewalld)->default_zone)
      row.defaults[0] = row.defaults[3] = std::string(name_of(chain.policy));
  }
  return row;
}

}  // namespace

Result<evidence::Table> collect_firewall_status(Host& host) {
  const auto filters = read_packet_filters(host);
  if (!filters) return fail(filters.error());
  Services services(host);
  evidence::Table table(*evidence::find_table("firewall_status"));
  add_row(sum_row(*filters), table);
  for (auto row : {kernel_row(*filters, "nftables", filters->has_nftables, services,
                              {"nftables.service", "netfilter-persistent.service"}),
                   kernel_row(*filters, "iptables-legacy", filters->has_iptables, services,
                              {"netfilter-persistent.service", "iptables.service"}),
                   kernel_row(*filters, "ip6tables-legacy", filters->has_ip6tables, services,
                              {"netfilter-persistent.service", "ip6tables.service"}),
                   ufw_row(host, services), firewalld_row(host, services)}) {
    if (!row) return fail(std::move(row.error()));
    add_row(*row, table);
  }
  return table;
}

}  // namespace assay::agent
