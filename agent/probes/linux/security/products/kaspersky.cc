#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/dates.h"

namespace assay::agent {

// Started without an environment, the tool prints English.
Status inspect_kaspersky(Host& host, PresenceFinder&, Findings& findings) {
  const auto report = run_tool(host, "/opt/kaspersky/kesl/bin/kesl-control --app-info",
                               "real_time, signature_version, signature_date", findings);
  if (!report) return {};
  const auto version = report_value(*report, "Version");
  if (!version.empty()) findings.presence.version = version.substr(0, 64);
  const auto released = report_value(*report, "Last release date of databases");
  findings.signature_version = released.substr(0, 64);
  if (const auto date = date_within(released.substr(0, 64))) findings.signature_date = *date;
  if (findings.signature_date.empty())
    findings.unknown(kSignatures, "the product names no release date of its databases");
  const auto protection = report_value(*report, "File Threat Protection");
  if (protection.find("running") != std::string_view::npos) findings.real_time = true;
  if (protection.find("stopped") != std::string_view::npos ||
      protection.find("not running") != std::string_view::npos)
    findings.real_time = false;
  findings.unknown("last_scan, management_server", kOnlyConsole);
  return {};
}

}  // namespace assay::agent
