#include <array>

#include "agent/network/sensor/report/cells.h"
#include "agent/network/sensor/report/tables.h"
#include "agent/network/tls/suites/cipher_suite.h"
#include "agent/network/tls/wire/protocol.h"

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

std::string hexadecimal(std::uint32_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text.push_back(kDigits[(number >> shift) & 15U]);
  return text;
}

std::string version_text(std::uint16_t version) {
  if (version == 0) return {};
  const auto protocol = tls::protocol_of(version);
  return protocol ? std::string(tls::name_of(*protocol)) : hexadecimal(version);
}

struct SuiteText {
  std::string name;
  std::string weakness;
  std::string reason;
};
SuiteText suite_text(std::uint16_t version, std::uint16_t number) {
  if (version <= 0x0002) return {};  // SSLv2 lets the client choose
  const auto* suite = tls::find_suite(number);
  if (suite == nullptr) return {.name = hexadecimal(number)};
  SuiteText text{.name = std::string(suite->name)};
  if (const auto weak = tls::weakness_of(*suite)) {
    text.weakness = weak->is_broken ? "broken" : "weak";
    text.reason = weak->reason;
  }
  return text;
}

}  // namespace

evidence::Table observed_flows(const Sensor& sensor) {
  evidence::Table table(*evidence::find_table("observed_flows"));
  for (const auto& [key, sum] : sensor.conversations().all()) {
    const auto suite = suite_text(key.tls_version, key.tls_suite);
    table.add({{"vlan", nonzero_cell(key.vlan)},
               {"inner_vlan", nonzero_cell(key.inner_vlan)},
               {"protocol", number_cell(key.protocol)},
               {"client", address_cell(key.client)},
               {"server", address_cell(key.server)},
               {"server_port", nonzero_cell(key.server_port)},
               {"began", std::string(name_of(key.began))},
               {"service", text_cell(Sensor::service_name(key.service))},
               {"tls_version", text_cell(version_text(key.tls_version))},
               {"tls_suite", text_cell(suite.name)},
               {"tls_weakness", text_cell(suite.weakness)},
               {"tls_weak_reason", text_cell(suite.reason)},
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
