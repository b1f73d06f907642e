// The results of audits as rows of the tables tls_endpoints, tls_suites and certificates.
#pragma once

#include <vector>

#include "agent/network/tls/audit/endpoint_audit.h"
#include "evidence/table.h"

namespace assay::agent::tls {

// The three tables, in the order of above. Pure but for the trust in certificates, which depends on
// this machine's authorities and clock.
[[nodiscard]] std::vector<evidence::Table> tls_tables(const std::vector<EndpointResult>& results);

// One family each; endpoint_rows.cc, suite_rows.cc, certificate_rows.cc.
void add_endpoint(const EndpointResult& result, evidence::Table& table);
void add_suites(const EndpointResult& result, evidence::Table& table);
void add_certificates(const EndpointResult& result, evidence::Table& table);

}  // namespace assay::agent::tls
