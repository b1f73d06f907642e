#include "agent/network/services/result/service_rows.h"

#include "agent/network/services/protocols/product.h"
#include "agent/network/tls/result/cells.h"

namespace assay::agent::services {

namespace {

using tls::flag_or_null;
using tls::text_or_null;

evidence::Value tls_of(const EndpointResult& result) {
  if (result.is_in_tls) return std::string("implicit");
  if (result.facts.protocol.empty() || !result.facts.start_tls) return evidence::kNull;
  return std::string(*result.facts.start_tls ? "starttls" : "none");
}

std::string transport_of(const EndpointResult& result) {
  return result.endpoint.transport == Transport::kTcp ? "tcp" : "udp";
}

evidence::Value authentication_of(const Facts& facts) {
  if (!facts.authentication) return evidence::kNull;
  return std::string(*facts.authentication ? "required" : "none");
}

void add_service(const EndpointResult& result, evidence::Table& table) {
  const auto& facts = result.facts;
  table.add({{"host", result.endpoint.host},
             {"address", text_or_null(result.address)},
             {"port", std::int64_t{result.endpoint.port}},
             {"transport", transport_of(result)},
             {"status", result.status},
             {"detail", text_or_null(printable(result.detail, 300))},
             {"protocol", text_or_null(facts.protocol)},
             {"tls", tls_of(result)},
             {"product", text_or_null(facts.product)},
             {"version", text_or_null(facts.version)},
             {"authentication", authentication_of(facts)},
             {"cleartext_login", flag_or_null(facts.cleartext_login)},
             {"anonymous", flag_or_null(facts.anonymous)},
             {"redirects_to_https", flag_or_null(facts.redirects_to_https)},
             {"hsts", flag_or_null(facts.hsts)},
             {"recursion", flag_or_null(facts.recursion)},
             {"smb1", flag_or_null(facts.smb1)},
             {"signing_required", flag_or_null(facts.signing_required)},
             {"network_level_authentication", flag_or_null(facts.network_level_authentication)},
             {"default_community", flag_or_null(facts.default_community)}});
}

void add_details(const EndpointResult& result, evidence::Table& table) {
  for (const auto& [name, value] : result.facts.details)
    table.add({{"host", result.endpoint.host},
               {"address", text_or_null(result.address)},
               {"port", std::int64_t{result.endpoint.port}},
               {"transport", transport_of(result)},
               {"protocol", result.facts.protocol},
               {"name", name},
               {"value", value}});
}

}  // namespace

std::vector<evidence::Table> service_tables(const std::vector<EndpointResult>& results) {
  std::vector<evidence::Table> tables;
  for (const auto* name : {"services", "service_details"})
    tables.emplace_back(*evidence::find_table(name));
  for (const auto& result : results) {
    add_service(result, tables[0]);
    add_details(result, tables[1]);
  }
  return tables;
}

}  // namespace assay::agent::services
