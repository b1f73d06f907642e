#include "agent/probes/linux/hardening/usb/usbguard.h"

#include <array>

#include "agent/probes/linux/processes/services.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kProgram = "/usr/sbin/usbguard-daemon";
constexpr std::string_view kProgramOfMergedSystems = "/usr/bin/usbguard-daemon";
constexpr std::string_view kConf = "/etc/usbguard/usbguard-daemon.conf";
constexpr std::array<std::string_view, 1> kUnits = {"usbguard.service"};

Result<bool> is_installed(Host& host) {
  for (const auto path : {kProgram, kProgramOfMergedSystems}) {
    const auto status = host.status(path);
    if (status) return true;
    if (status.error().code() != Code::kNotFound) return fail(status.error());
  }
  return false;
}

Result<std::int64_t> rules_in(Host& host, const std::string& path) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return count_usbguard_rules(*text);
  if (text.error().code() == Code::kNotFound) return 0;
  return fail(text.error());
}

Result<std::int64_t> all_rules(Host& host, const UsbGuardSettings& settings) {
  auto count = rules_in(host, settings.rule_file);
  if (!count || settings.rule_folder.empty()) return count;
  const auto names = host.list_directory(settings.rule_folder, kMaxDirectoryEntries);
  if (!names) {
    if (names.error().code() == Code::kNotFound) return count;
    return fail(names.error());
  }
  for (const auto& name : *names) {
    if (!name.ends_with(".conf")) continue;
    const auto more = rules_in(host, settings.rule_folder + "/" + name);
    if (!more) return more;
    *count += *more;
  }
  return count;
}

}  // namespace

UsbGuardSettings parse_usbguard_conf(std::string_view text) {
  UsbGuardSettings settings;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    const auto equals = content.find('=');
    if (content.starts_with('#') || equals == std::string_view::npos) continue;
    const auto name = trimmed(content.substr(0, equals));
    auto value = trimmed(content.substr(equals + 1));
    while (value.size() > 1 && value.ends_with('/')) value.remove_suffix(1);
    if (name == "ImplicitPolicyTarget") {
      settings.implicit_target = value;
      settings.target_line = lines.number();
    } else if (name == "RuleFile") {
      settings.rule_file = value;
    } else if (name == "RuleFolder") {
      settings.rule_folder = value;
    }
  }
  return settings;
}

std::int64_t count_usbguard_rules(std::string_view text) {
  std::int64_t count = 0;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    for (const auto* target : {"allow", "block", "reject"})
      if (content.starts_with(target)) ++count;
  }
  return count;
}

Result<UsbGuard> read_usbguard(Host& host) {
  UsbGuard guard;
  const auto installed = is_installed(host);
  if (!installed) return fail(installed.error());
  guard.is_installed = *installed;
  if (!guard.is_installed) {
    guard.is_in_force = false;
    guard.note = "not installed";
    return guard;
  }
  UsbGuardSettings settings;
  const auto text = host.read_file(kConf, kMaxConfigBytes);
  if (text) {
    settings = parse_usbguard_conf(*text);
    guard.source = kConf;
    guard.line = settings.target_line;
  } else if (text.error().code() != Code::kNotFound) {
    return fail(text.error());
  }
  guard.implicit_target = settings.implicit_target;
  const auto rules = all_rules(host, settings);
  if (!rules) return fail(rules.error());
  guard.rules = *rules;
  Services services(host);
  const auto enabled = services.is_enabled(kUnits);
  if (!enabled) return fail(enabled.error());
  if (!*enabled) {
    guard.note = "whether the service starts with the system cannot be told";
  } else {
    guard.is_in_force = **enabled && settings.implicit_target != "allow";
    if (!**enabled) guard.note = "installed, and not started with the system";
  }
  return guard;
}

}  // namespace assay::agent
