#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/dates.h"

namespace assay::agent {
namespace {

// "CurDefs=20261120.003" of definfo.dat: the day of the definitions and their number on that day.
bool read_definitions(Host& host, std::string_view path, Findings& findings) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text) {
    if (text.error().code() != Code::kNotFound)
      findings.unknown(kSignatures, text.error().message());
    return false;
  }
  const auto current = report_value(*text, "CurDefs");
  const auto date = compact_date(current);
  if (!date) {
    findings.unknown(kSignatures, std::string(path) + " names no current definitions");
    return false;
  }
  findings.signature_version = current.substr(0, 64);
  findings.signature_date = *date;
  findings.from(path);
  return true;
}

// The first Address="…" of a sylink.xml.
void read_server(Host& host, std::string_view path, Findings& findings) {
  constexpr std::string_view kAttribute = "Server Address=\"";
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text) return;
  const auto start = text->find(kAttribute);
  if (start == std::string::npos) return;
  const auto end = text->find('"', start + kAttribute.size());
  if (end == std::string::npos || end - start > 300) return;
  findings.management_server =
      text->substr(start + kAttribute.size(), end - start - kAttribute.size());
  findings.from(path);
}

void note_missing(Findings& findings) {
  if (findings.signature_version.empty())
    findings.unknown(kSignatures, "no definfo.dat where the product keeps it");
  if (findings.management_server.empty())
    findings.unknown("management_server", "no sylink.xml is there");
}

}  // namespace

Status inspect_symantec(Host& host, PresenceFinder&, Findings& findings) {
  (void)read_definitions(host, "/opt/Symantec/virusdefs/definfo.dat", findings);  // noted below
  read_server(host, "/etc/symantec/sep/sylink.xml", findings);
  note_missing(findings);
  if (const auto report = run_tool(host, "/opt/Symantec/symantec_antivirus/sav info --autoprotect",
                                   "real_time", findings)) {
    if (report->find("Enabled") != std::string::npos) findings.real_time = true;
    if (report->find("Disabled") != std::string::npos) findings.real_time = false;
  }
  findings.unknown("last_scan", kOnlyProduct);
  return {};
}

Status inspect_symantec_agent(Host& host, PresenceFinder&, Findings& findings) {
  for (const auto* path : {"/opt/Symantec/sdcssagent/AMD/sef/definitions/virusdefs/definfo.dat",
                           "/opt/Symantec/sdcssagent/AMD/sef/definfo.dat"})
    if (read_definitions(host, path, findings)) break;
  read_server(host, "/etc/symantec/sep/sylink.xml", findings);
  note_missing(findings);
  findings.unknown("real_time, last_scan", kOnlyProduct);
  return {};
}

}  // namespace assay::agent
