// OSSEC and Wazuh: one design, one folder.
#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSettings = "/var/ossec/etc/ossec.conf";
constexpr std::string_view kState = "/var/ossec/var/run/wazuh-agentd.state";

// The content of the first element of that name behind "<client>"; comments of XML are left out.
std::string element(std::string_view xml, std::string_view name) {
  std::string text;
  while (!xml.empty()) {
    const auto comment = xml.find("<!--");
    text += xml.substr(0, comment);
    if (comment == std::string_view::npos) break;
    const auto end = xml.find("-->", comment);
    xml = end == std::string_view::npos ? std::string_view() : xml.substr(end + 3);
  }
  const auto client = text.find("<client>");
  const auto tag = std::string("<").append(name).append(">");
  const auto start = client == std::string::npos ? client : text.find(tag, client);
  if (start == std::string::npos) return {};
  const auto end = text.find('<', start + tag.size());
  if (end == std::string::npos || end - start > 300) return {};
  return std::string(
      trimmed(std::string_view(text).substr(start + tag.size(), end - start - tag.size())));
}

void read_server(Host& host, Findings& findings) {
  const auto text = host.read_file(kSettings, kMaxConfigBytes);
  if (!text) return findings.unknown("management_server", text.error().message());
  for (const std::string_view name : {"address", "server-ip", "server-hostname"}) {
    findings.management_server = without_secrets(element(*text, name));
    if (!findings.management_server.empty()) return findings.from(kSettings);
  }
  findings.unknown("management_server", "its settings name none");
}

}  // namespace

Status inspect_ossec(Host& host, PresenceFinder&, Findings& findings) {
  if (findings.presence.version.empty()) {
    constexpr std::string_view kInit = "/etc/ossec-init.conf";
    if (const auto text = host.read_file(kInit, kMaxConfigBytes)) {
      auto version = std::string(report_value(*text, "VERSION").substr(0, 64));
      std::erase(version, '"');
      if (!version.empty()) findings.from(kInit);
      findings.presence.version = std::move(version);
    }
  }
  read_server(host, findings);
  if (const auto state = host.read_file(kState, kMaxConfigBytes))
    if (const auto status = report_value(*state, "status"); status.find("'connected'") != 0)
      findings.note("it is not connected to its manager");
  return {};
}

}  // namespace assay::agent
