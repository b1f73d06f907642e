#include <algorithm>
#include <array>

#include "agent/network/sensor/report/cells.h"
#include "agent/network/sensor/report/tables.h"

namespace assay::agent::sensor {
namespace {

std::string text_of(const Mac& mac) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : mac) {
    if (!text.empty()) text.push_back(':');
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 15U]);
  }
  return text;
}

std::string value_of(const ParsedEntry& entry) {
  switch (entry.kind) {
    case EntryKind::kAddress: return to_text(entry.network.address);
    case EntryKind::kNetwork: return to_text(entry.network);
    case EntryKind::kDomain: return entry.domain;
  }
  return {};
}

}  // namespace

evidence::Table observed_cleartext(const Sensor& sensor) {
  evidence::Table table(*evidence::find_table("observed_cleartext"));
  for (const auto& [key, count] : sensor.findings().cleartext.all())
    table.add({{"vlan", nonzero_cell(key.peers.vlan)},
               {"inner_vlan", nonzero_cell(key.peers.inner_vlan)},
               {"protocol", number_cell(key.peers.protocol)},
               {"client", to_text(key.peers.client)},
               {"server", to_text(key.peers.server)},
               {"server_port", nonzero_cell(key.peers.server_port)},
               {"service", text_cell(Sensor::service_name(key.service))},
               {"secret", std::string(name_of(key.secret))},
               {"offers_tls", key.offers_tls < 0 ? evidence::Value(evidence::kNull)
                                                 : evidence::Value(std::int64_t{key.offers_tls})},
               {"times", number_cell(count.times)},
               {"first_seen", time_cell(count.seen.first)},
               {"last_seen", time_cell(count.seen.last)}});
  return table;
}

evidence::Table observed_dns(const Sensor& sensor) {
  evidence::Table table(*evidence::find_table("observed_dns"));
  for (const auto& [peers, count] : sensor.findings().dns.all())
    table.add({{"vlan", nonzero_cell(peers.vlan)},
               {"inner_vlan", nonzero_cell(peers.inner_vlan)},
               {"protocol", number_cell(peers.protocol)},
               {"client", to_text(peers.client)},
               {"server", to_text(peers.server)},
               {"server_port", nonzero_cell(peers.server_port)},
               {"queries", number_cell(count.queries)},
               {"answers", number_cell(count.answers)},
               {"name_errors", number_cell(count.name_errors)},
               {"refusals", number_cell(count.refusals)},
               {"first_seen", time_cell(count.seen.first)},
               {"last_seen", time_cell(count.seen.last)}});
  return table;
}

evidence::Table observed_hosts(const Sensor& sensor) {
  evidence::Table table(*evidence::find_table("observed_hosts"));
  for (const auto& [key, count] : sensor.findings().hosts.all())
    table.add({{"vlan", nonzero_cell(key.vlan)},
               {"inner_vlan", nonzero_cell(key.inner_vlan)},
               {"address", to_text(key.address)},
               {"mac", text_cell(count.has_mac ? text_of(count.mac) : std::string())},
               {"mac_changes", number_cell(count.mac_changes)},
               {"packets", number_cell(count.packets)},
               {"bytes", number_cell(count.bytes)},
               {"first_seen", time_cell(count.seen.first)},
               {"last_seen", time_cell(count.seen.last)}});
  return table;
}

evidence::Table blocklist_hits(const Sensor& sensor) {
  evidence::Table table(*evidence::find_table("blocklist_hits"));
  for (const auto& [key, count] : sensor.findings().hits.all()) {
    const auto& entry = key.entry->what;
    const auto& list = sensor.options().lists->lists()[key.entry->list];
    table.add(
        {{"kind", std::string(name_of(entry.kind))},
         {"value", value_of(entry)},
         {"entry_port", nonzero_cell(entry.port)},
         {"list", list.name},
         {"entry_line", number_cell(entry.line)},
         {"list_date", text_cell(entry.date.empty() ? list.date : entry.date)},
         {"confidence", entry.confidence < 0 ? evidence::Value(evidence::kNull)
                                             : evidence::Value(std::int64_t{entry.confidence})},
         {"matched", key.matched},
         {"sign", std::string(name_of(key.sign))},
         {"vlan", nonzero_cell(key.peers.vlan)},
         {"inner_vlan", nonzero_cell(key.peers.inner_vlan)},
         {"protocol", number_cell(key.peers.protocol)},
         {"client", to_text(key.peers.client)},
         {"server", to_text(key.peers.server)},
         {"server_port", nonzero_cell(key.peers.server_port)},
         {"times", number_cell(count.times)},
         {"answered", number_cell(count.answered)},
         {"bytes", number_cell(count.bytes)},
         {"first_seen", time_cell(count.seen.first)},
         {"last_seen", time_cell(count.seen.last)}});
  }
  return table;
}

}  // namespace assay::agent::sensor
