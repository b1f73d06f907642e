#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/addresses.h"

namespace assay::agent {

Status inspect_sentinelone(Host& host, PresenceFinder&, Findings& findings) {
  if (const auto report = run_tool(host, "/opt/sentinelone/bin/sentinelctl version",
                                   "version, signature_version", findings)) {
    const auto version = report_value(*report, "Agent version");
    if (!version.empty()) findings.presence.version = version.substr(0, 64);
    findings.signature_version = report_value(*report, "DFI library version").substr(0, 64);
  }
  if (const auto report = run_tool(host, "/opt/sentinelone/bin/sentinelctl control status",
                                   "real_time", findings)) {
    const auto state = report_value(*report, "Agent state");
    if (state == "Enabled") findings.real_time = true;
    if (state == "Disabled") findings.real_time = false;
  }
  if (const auto report = run_tool(host, "/opt/sentinelone/bin/sentinelctl management status",
                                   "management_server", findings)) {
    findings.management_server = without_secrets(report_value(*report, "URL")).substr(0, 300);
    if (report_value(*report, "Connectivity") == "Off")
      findings.note("its management server does not answer");
  }
  findings.unknown("signature_date, last_scan",
                   "it does not say when its model was made, nor when all files were last scanned");
  return {};
}

}  // namespace assay::agent
