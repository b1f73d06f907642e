#include "agent/probes/linux/system/os_release.h"
#include "agent/probes/linux/updates/history/mechanism.h"
#include "agent/probes/linux/updates/section_rules.h"

namespace assay::agent {
namespace {

using Settings = std::map<std::string, std::string, std::less<>>;

std::optional<bool> flag(const Settings& settings, std::string_view key) {
  const auto found = settings.find(key);
  if (found == settings.end()) return std::nullopt;
  for (const std::string_view yes : {"yes", "Yes", "true", "True", "1", "on"})
    if (found->second == yes) return true;
  for (const std::string_view no : {"no", "No", "false", "False", "0", "off"})
    if (found->second == no) return false;
  return std::nullopt;
}

std::string_view text(const Settings& settings, std::string_view key) {
  const auto found = settings.find(key);
  return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

// The [commands] of a file; nothing when it is not there.
Result<std::optional<Settings>> read_commands(Host& host, std::string_view path) {
  const auto content = host.read_file(path, kMaxConfigBytes);
  if (!content && content.error().code() == Code::kNotFound) return std::nullopt;
  if (!content) return fail(content.error());
  const auto entries = parse_sections(*content, kRepositorySections);
  if (!entries) return fail(entries.error().within("reading " + std::string(path)));
  Settings settings;
  for (const auto& entry : *entries)
    if (entry.section == "commands" && !entry.key.empty())
      settings[std::string(entry.key)] = entry.value;
  return settings;
}

void apply(const Settings& settings, std::string_view what_key, Mechanism& mechanism) {
  mechanism.downloads = flag(settings, "download_updates");
  mechanism.installs = flag(settings, "apply_updates");
  const auto what = text(settings, what_key);
  if (!what.empty()) mechanism.is_security_only = what.contains("security");
  const auto reboot = text(settings, "reboot");
  if (!reboot.empty()) mechanism.reboots = reboot != "never";
}

// The timers of dnf 4 that override what the file says.
void apply_timers(const UnitFiles& units, Mechanism& mechanism) {
  const auto is_on = [&](std::string_view timer) {
    const auto enabled = units.is_enabled(timer);
    if (enabled) mechanism.is_enabled = mechanism.is_enabled.value_or(false) || *enabled;
    if (enabled == true) mechanism.from(timer);
    return enabled == true;
  };
  (void)is_on("dnf5-automatic.timer");  // these two do as the file says
  (void)is_on("dnf-automatic.timer");
  if (is_on("dnf-automatic-notifyonly.timer")) mechanism.downloads = mechanism.installs = false;
  if (is_on("dnf-automatic-download.timer")) {
    mechanism.downloads = true;
    mechanism.installs = false;
  }
  if (is_on("dnf-automatic-install.timer")) mechanism.downloads = mechanism.installs = true;
}

}  // namespace

InspectedMechanism inspect_dnf_automatic(Host& host, const UnitFiles& units) {
  const auto has_dnf = file_exists(host, "/etc/dnf");
  if (!has_dnf) return fail(has_dnf.error());
  if (!*has_dnf) return std::nullopt;
  Mechanism mechanism{.name = "dnf-automatic"};
  bool has_settings = false;
  // The defaults of dnf 5 come first; later files win.
  Settings merged;
  for (const std::string_view path :
       {"/usr/share/dnf5/dnf5-plugins/automatic.conf", "/etc/dnf/dnf5-plugins/automatic.conf",
        "/etc/dnf/automatic.conf"}) {
    auto settings = read_commands(host, path);
    if (!settings) return fail(std::move(settings.error()));
    if (!*settings) continue;
    has_settings = true;
    mechanism.from(path);
    for (auto& [key, value] : **settings) merged[key] = std::move(value);
  }
  mechanism.is_installed = has_settings;
  if (!has_settings) {
    mechanism.is_enabled = mechanism.downloads = mechanism.installs = false;
    mechanism.note("dnf-automatic is not installed");
    return mechanism;
  }
  apply(merged, "upgrade_type", mechanism);
  apply_timers(units, mechanism);
  if (!mechanism.is_enabled) mechanism.is_enabled = false;
  return mechanism;
}

InspectedMechanism inspect_yum_cron(Host& host, const UnitFiles& units) {
  constexpr std::string_view kFile = "/etc/yum/yum-cron.conf";
  const auto settings = read_commands(host, kFile);
  if (!settings) return fail(settings.error());
  if (!*settings) return std::nullopt;
  Mechanism mechanism{.name = "yum-cron", .is_installed = true};
  mechanism.from(kFile);
  apply(**settings, "update_cmd", mechanism);
  mechanism.is_enabled = units.is_enabled("yum-cron.service");
  if (!mechanism.is_enabled) mechanism.note("its service is not known to the system");
  return mechanism;
}

// YaST's online update, a script of cron.daily or cron.weekly with settings of the shell.
InspectedMechanism inspect_zypper_updates(Host& host, const UnitFiles& units) {
  constexpr std::string_view kFile = "/etc/sysconfig/automatic_online_update";
  const auto has_zypper = file_exists(host, "/etc/zypp");
  if (!has_zypper) return fail(has_zypper.error());
  if (!*has_zypper) return std::nullopt;
  Mechanism mechanism{.name = "zypper's online update"};
  const auto content = host.read_file(kFile, kMaxConfigBytes);
  if (!content && content.error().code() != Code::kNotFound) return fail(content.error());
  mechanism.is_enabled = mechanism.installs = false;
  if (content) {
    const auto settings = parse_os_release(*content);  // assignments in the shell's quoting, too
    if (!settings) return fail(settings.error().within("reading " + std::string(kFile)));
    mechanism.from(kFile);
    mechanism.is_installed = true;
    mechanism.is_enabled = value_of(*settings, "AOU_ENABLE_CRONJOB") == "true";
    mechanism.installs = value_of(*settings, "AOU_DOWNLOAD_ONLY") != "true";
    mechanism.downloads = true;
    const auto categories = value_of(*settings, "AOU_PATCH_CATEGORIES");
    mechanism.is_security_only = categories == "security";
  }
  for (const std::string_view timer : {"transactional-update.timer", "os-update.timer"})
    if (units.is_enabled(timer) == true) {
      mechanism.from(timer);
      mechanism.is_installed = true;
      mechanism.is_enabled = mechanism.installs = mechanism.downloads = true;
    }
  if (!mechanism.is_installed) mechanism.note("no mechanism of it is set up");
  return mechanism;
}

}  // namespace assay::agent
