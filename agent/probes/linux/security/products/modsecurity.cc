#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 5> kSettings = {
    "/etc/modsecurity/modsecurity.conf", "/etc/httpd/conf.d/mod_security.conf",
    "/etc/apache2/conf.d/mod_security2.conf", "/etc/nginx/modsecurity.conf",
    "/etc/nginx/modsec/modsecurity.conf"};
constexpr std::array<std::string_view, 4> kLoaded = {
    "/etc/apache2/mods-enabled/security2.load", "/etc/httpd/conf.modules.d/10-mod_security.conf",
    "/etc/nginx/modules-enabled/50-mod-http-modsecurity.conf",
    "/etc/nginx/modules-enabled/mod-modsecurity.conf"};

// The last "SecRuleEngine On"; empty when it is not set.
std::string_view rule_engine(std::string_view settings) {
  constexpr std::string_view kName = "SecRuleEngine";
  std::string_view mode;
  Lines lines(settings);
  while (const auto raw = lines.next())
    if (const auto line = trimmed(*raw); line.starts_with(kName))
      mode = trimmed(line.substr(kName.size()));
  return mode;
}

}  // namespace

Status inspect_modsecurity(Host& host, PresenceFinder&, Findings& findings) {
  for (const auto path : kLoaded) {
    if (!host.status(path)) continue;
    findings.presence.enabled = true;
    findings.from(path);
    std::erase(findings.presence.notes, kNoService);
  }
  if (!findings.presence.enabled)
    findings.unknown("enabled", "no web server loads it from where we look");
  // It is a module of a web server and has no process of its own.
  findings.presence.running = std::nullopt;
  findings.unknown("running", "whether the web server has it loaded is not looked at");
  std::string_view mode;
  for (const auto path : kSettings) {
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text) continue;
    mode = rule_engine(*text);
    if (!mode.empty()) findings.from(path);
    if (mode == "On") findings.real_time = true;
    if (mode == "Off" || mode == "DetectionOnly") findings.real_time = false;
    if (mode == "DetectionOnly") findings.note("SecRuleEngine DetectionOnly: it reports only");
    if (!mode.empty()) break;
  }
  if (!findings.real_time) findings.unknown("real_time", "no SecRuleEngine is where we look");
  return {};
}

}  // namespace assay::agent
