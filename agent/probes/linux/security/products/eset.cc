#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

// "EM002 28500 (20261120) Detection engine"
Status inspect_eset(Host& host, PresenceFinder&, Findings& findings) {
  const bool is_server = joined(findings.presence.sources, " ").find("/efs/") != std::string::npos;
  const auto* command =
      is_server ? "/opt/eset/efs/bin/upd --list-modules" : "/opt/eset/eea/bin/upd --list-modules";
  findings.unknown("real_time, last_scan, management_server", kOnlyProduct);
  const auto report = run_tool(host, command, kSignatures, findings);
  if (!report) return {};
  Lines lines(*report);
  while (const auto line = lines.next()) {
    const auto open = line->find('(');
    if (!line->starts_with("EM002") || open == std::string_view::npos) continue;
    findings.signature_version = trimmed(line->substr(5, open - 5)).substr(0, 64);
    if (const auto date = compact_date(line->substr(open + 1))) findings.signature_date = *date;
  }
  if (findings.signature_date.empty())
    findings.unknown(kSignatures, "the list of modules names no detection engine");
  return {};
}

}  // namespace assay::agent
