#include <nlohmann/json.hpp>

#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/addresses.h"

namespace assay::agent {
namespace {

constexpr std::string_view kVersion = "/opt/sophos-spl/base/VERSION.ini";
constexpr std::string_view kManagement = "/opt/sophos-spl/base/etc/mcs.config";
constexpr std::string_view kOnAccess = "/opt/sophos-spl/plugins/av/var/on_access_policy.json";

// {"enabled":true,…}, or the same as text.
std::optional<bool> is_enabled(std::string_view text) {
  const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_object() || !json.contains("enabled")) return std::nullopt;
  const auto& enabled = json["enabled"];
  if (enabled.is_boolean()) return enabled.get<bool>();
  if (enabled == "true") return true;
  if (enabled == "false") return false;
  return std::nullopt;
}

}  // namespace

Status inspect_sophos(Host& host, PresenceFinder&, Findings& findings) {
  if (const auto text = host.read_file(kVersion, kMaxConfigBytes)) {
    findings.presence.version = report_value(*text, "PRODUCT_VERSION").substr(0, 64);
    findings.from(kVersion);
  }
  // The file holds the machine's password as well: only this one line is taken.
  if (const auto text = host.read_file(kManagement, kMaxConfigBytes)) {
    findings.management_server = without_secrets(report_value(*text, "MCSURL"));
    findings.from(kManagement);
  } else {
    findings.unknown("management_server", text.error().message());
  }
  if (const auto text = host.read_file(kOnAccess, kMaxConfigBytes)) {
    findings.real_time = is_enabled(*text);
    findings.from(kOnAccess);
  } else {
    findings.unknown("real_time", text.error().message());
  }
  findings.unknown("signature_version, signature_date, last_scan", kOnlyProduct);
  return {};
}

Status inspect_sophos_av(Host& host, PresenceFinder&, Findings& findings) {
  if (const auto report =
          run_tool(host, "/opt/sophos-av/bin/savdstatus --version", kSignatures, findings)) {
    const auto field = [&](std::string_view name) {
      return std::string(report_value(*report, name).substr(0, 64));
    };
    findings.presence.version = field("Product version");
    findings.signature_version = field("Threat data version");
    findings.unknown("signature_date",
                     "it is not printed in a form that is the same in all languages");
  }
  findings.unknown("real_time, last_scan", kOnlyProduct);
  return {};
}

}  // namespace assay::agent
