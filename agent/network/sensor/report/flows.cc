#include <array>

#include "agent/network/sensor/report/cells.h"
#include "agent/network/sensor/report/tables.h"

namespace assay::agent::sensor {
namespace {

std::string_view name_of(Began began) {
  switch (began) {
    case Began::kOpening: return "syn";
    case Began::kContent: return "content";
    case Began::kPort: return "port";
    case Began::kFirst: return "first";
  }
  return "first";
}

std::string hexadecimal(std::uint16_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text.push_back(kDigits[number >> shift & 15U]);
  return text;
}

std::string version_text(std::uint16_t version) {
  switch (version) {
    case 0: return {};
    case 0x0002: return "SSLv2";
    case 0x0300: return "SSLv3";
    case 0x0301: return "TLS 1.0";
    case 0x0302: return "TLS 1.1";
    case 0x0303: return "TLS 1.2";
    case 0x0304: return "TLS 1.3";
    default: return hexadecimal(version);
  }
}

}  // namespace

evidence::Table observed_flows(const Sensor& sensor) {
  evidence::Table table(*evidence::find_table("observed_flows"));
  for (const auto& [key, sum] : sensor.conversations().all()) {
    const bool has_suite = key.tls_version > 0x0002;
    table.add({{"vlan", nonzero_cell(key.vlan)},
               {"inner_vlan", nonzero_cell(key.inner_vlan)},
               {"protocol", number_cell(key.protocol)},
               {"client", address_cell(key.client)},
               {"server", address_cell(key.server)},
               {"server_port", nonzero_cell(key.server_port)},
               {"began", std::string(name_of(key.began))},
               {"service", text_cell(Sensor::service_name(key.service))},
               {"tls_version", text_cell(version_text(key.tls_version))},
               {"tls_suite", text_cell(has_suite ? hexadecimal(key.tls_suite) : "")},
               {"server_name", text_cell(sensor.name(key.name))},
               {"flows", number_cell(sum.flows)},
               {"answered", number_cell(sum.answered)},
               {"packets_to_server", number_cell(sum.packets_to_server)},
               {"packets_to_client", number_cell(sum.packets_to_client)},
               {"bytes_to_server", number_cell(sum.bytes_to_server)},
               {"bytes_to_client", number_cell(sum.bytes_to_client)},
               {"off_hours", sensor.options().hours ? number_cell(sum.off_hours)
                                                    : evidence::Value(evidence::kNull)},
               {"first_seen", time_cell(sum.seen.first)},
               {"last_seen", time_cell(sum.seen.last)}});
  }
  return table;
}

}  // namespace assay::agent::sensor
