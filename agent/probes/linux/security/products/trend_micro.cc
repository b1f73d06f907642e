#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSplx = "/opt/TrendMicro/SProtectLinux";

// Patterns are numbered, and the numbers differ from machine to machine: the name tells.
std::string pattern_version(std::string_view report) {
  constexpr std::array<std::string_view, 3> kNames = {"Smart Scan Agent Pattern", "Virus Pattern",
                                                      "Smart Scan Pattern"};
  Lines lines(report);
  while (const auto line = lines.next()) {
    constexpr std::string_view kKey = "Component.AM.version.pattern.";
    if (!line->starts_with(kKey)) continue;
    const auto number = line->substr(kKey.size(), line->find('.', kKey.size()) - kKey.size());
    if (number == "VSAPI:") continue;
    const auto key = std::string(kKey).append(number);
    const auto name = report_value(report, key + ".name");
    if (std::ranges::find(kNames, name) != kNames.end())
      return std::string(report_value(report, key + ".version"));
  }
  return std::string(report_value(report, "Component.AM.version.pattern.VSAPI"));
}

}  // namespace

Status inspect_deep_security(Host& host, PresenceFinder&, Findings& findings) {
  if (const auto report = run_tool(host, "/opt/ds_agent/dsa_query -c GetComponentInfo",
                                   "real_time, signature_version, signature_date", findings)) {
    const auto mode = report_value(*report, "Component.AM.mode");
    const auto engine = report_value(*report, "Component.AM.scan.Realtime");
    if (mode == "off" || engine == "0")
      findings.real_time = false;
    else if (mode == "on" && report_value(*report, "Component.AM.driverOffline") == "false")
      findings.real_time = true;
    else
      findings.unknown("real_time", "the agent does not say that its driver is on");
    findings.signature_version = pattern_version(*report);
  }
  findings.unknown("signature_date, last_scan", "known to its manager only");
  if (const auto status = run_tool(host, "/opt/ds_agent/dsa_query -c GetAgentStatus",
                                   "management_server", findings))
    findings.management_server = without_secrets(report_value(*status, "AgentStatus.dsmUrl"));
  return {};
}

// Its pattern is a file whose name ends in its number: lpt$vpn.123.
Status inspect_serverprotect(Host& host, PresenceFinder&, Findings& findings) {
  constexpr std::string_view kPattern = "lpt$vpn.";
  const auto names = host.list_directory(kSplx, kMaxDirectoryEntries);
  if (!names) {
    findings.unknown("signature_version", names.error().message());
  }
  for (const auto& name : names ? *names : std::vector<std::string>()) {
    if (!name.starts_with(kPattern) || !decimal(name.substr(kPattern.size()))) continue;
    findings.signature_version = name.substr(kPattern.size());
    findings.presence.sources.push_back(std::string(kSplx) + "/" + name);
  }
  findings.unknown("real_time, signature_date, last_scan, management_server", kOnlyConsole);
  return {};
}

}  // namespace assay::agent
