#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"

namespace assay::agent {
namespace {

// "version = 7.29.18202.0" and "rfm-state=false." stand alone or behind one another.
std::string setting(std::string_view report, std::string_view name) {
  const auto at = report.find(name);
  if (at == std::string_view::npos) return {};
  auto value = report.substr(at + name.size());
  const auto start = value.find_first_not_of(" =");
  if (start == std::string_view::npos) return {};
  value = value.substr(start, value.find_first_of(", \n", start) - start);
  while (value.ends_with('.')) value.remove_suffix(1);
  return std::string(value.substr(0, 64));
}

}  // namespace

Status inspect_crowdstrike(Host& host, PresenceFinder&, Findings& findings) {
  if (const auto report =
          run_tool(host, "/opt/CrowdStrike/falconctl -g --version", "version", findings))
    if (const auto version = setting(*report, "version"); !version.empty())
      findings.presence.version = version;
  if (const auto report =
          run_tool(host, "/opt/CrowdStrike/falconctl -g --rfm-state", "real_time", findings)) {
    const auto reduced = setting(*report, "rfm-state");
    if (reduced == "true") {
      findings.real_time = false;
      findings.note("reduced functionality mode: the sensor does not know this kernel");
    }
    if (reduced == "false" && findings.presence.running.value_or(false)) findings.real_time = true;
  }
  findings.unknown("signature_version, signature_date, last_scan",
                   "it works without signatures and full scans");
  findings.unknown("management_server", kOnlyProduct);
  return {};
}

}  // namespace assay::agent
