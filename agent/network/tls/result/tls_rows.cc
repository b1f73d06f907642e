#include "agent/network/tls/result/tls_rows.h"

namespace assay::agent::tls {

std::vector<evidence::Table> tls_tables(const std::vector<EndpointResult>& results) {
  std::vector<evidence::Table> tables;
  for (const auto* name : {"tls_endpoints", "tls_suites", "certificates"})
    tables.emplace_back(*evidence::find_table(name));
  for (const auto& result : results) {
    add_endpoint(result, tables[0]);
    add_suites(result, tables[1]);
    add_certificates(result, tables[2]);
  }
  return tables;
}

}  // namespace assay::agent::tls
