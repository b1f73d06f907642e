#include "agent/probes/linux/security/products/mdatp_health.h"
#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"

namespace assay::agent {
namespace {

constexpr std::string_view kHealth =
    "real_time, signature_version, signature_date, management_server";
constexpr std::string_view kPolicy = "/etc/opt/microsoft/mdatp/managed/mdatp_managed.json";

void take_health(const MdatpHealth& health, Findings& findings) {
  if (!health.version.empty()) findings.presence.version = health.version;
  findings.real_time = health.real_time;
  if (health.passive.value_or(false)) {
    findings.real_time = false;
    findings.note("it is in passive mode");
  }
  findings.signature_version = health.definitions_version;
  findings.signature_date = health.definitions_date;
  if (!health.definitions_date.empty())
    findings.note("signature date: the day of the last update, as the product reports it");
  if (health.organisation.empty())
    findings.unknown("management_server", "not onboarded: no organisation manages it");
  else
    findings.management_server = "Microsoft Defender, organisation " + health.organisation;
}

// The policy alone can say that files are not checked; that they are, only the product knows.
void read_policy(Host& host, Findings& findings) {
  const auto text = host.read_file(kPolicy, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return;
  const auto level = text ? parse_mdatp_policy(*text) : Result<std::string>(fail(text.error()));
  if (!level) return findings.note("policy: " + level.error().message());
  if (level->empty()) return;
  findings.from(kPolicy);
  if (*level != "real_time") findings.real_time = false;
  findings.note("policy: enforcementLevel " + *level);
}

}  // namespace

Status inspect_defender(Host& host, PresenceFinder&, Findings& findings) {
  const auto report = run_tool(host, "/usr/bin/mdatp health --output json", kHealth, findings);
  if (report) {
    const auto health = parse_mdatp_health(*report);
    if (health)
      take_health(*health, findings);
    else
      findings.unknown(kHealth, "mdatp health: " + health.error().message());
  }
  if (!findings.real_time) read_policy(host, findings);
  const auto scans =
      run_tool(host, "/usr/bin/mdatp scan list --output json", "last_scan", findings);
  if (!scans) return {};
  const auto day = parse_mdatp_scans(*scans);
  if (!day)
    findings.unknown("last_scan", "mdatp scan list: " + day.error().message());
  else if (day->empty())
    findings.unknown("last_scan", "the product lists no full scan that succeeded");
  else
    findings.last_scan = *day;
  return {};
}

}  // namespace assay::agent
