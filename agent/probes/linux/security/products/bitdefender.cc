#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/dates.h"

namespace assay::agent {

Status inspect_bitdefender(Host& host, PresenceFinder&, Findings& findings) {
  const auto report = run_tool(host, "/opt/bitdefender-security-tools/bin/bduitool get ps",
                               "real_time, signature_version, signature_date", findings);
  if (!report) return {};
  const auto field = [&](std::string_view name) {
    return std::string(report_value(*report, name).substr(0, 64));
  };
  if (const auto version = field("Product version"); !version.empty())
    findings.presence.version = version;
  findings.signature_version = field("Engines version");
  if (const auto date = date_within(field("Last security content update"))) {
    findings.signature_date = *date;
    findings.note("signature date: the day of the last update, as the product reports it");
  }
  const auto status = field("Antimalware status");
  if (status == "On") findings.real_time = true;
  if (status == "Off") findings.real_time = false;
  findings.unknown("last_scan, management_server", kOnlyConsole);
  return {};
}

}  // namespace assay::agent
