#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

Status inspect_cortex(Host& host, PresenceFinder&, Findings& findings) {
  constexpr std::string_view kVersion = "/opt/traps/version.txt";
  if (const auto text = host.read_file(kVersion, kMaxConfigBytes)) {
    findings.presence.version = trimmed(text->substr(0, text->find('\n'))).substr(0, 64);
    findings.from(kVersion);
  }
  if (const auto report = run_tool(host, "/opt/traps/bin/cytool info query", kSignatures, findings))
    findings.signature_version = report_value(*report, "Content Version").substr(0, 64);
  findings.unknown("real_time, signature_date, last_scan, management_server", kOnlyProduct);
  return {};
}

}  // namespace assay::agent
