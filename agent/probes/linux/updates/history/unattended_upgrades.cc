#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/history/mechanism.h"

namespace assay::agent {
namespace {

constexpr std::string_view kTimer = "apt-daily-upgrade.timer";
constexpr std::string_view kCronJob = "/etc/cron.daily/apt-compat";
constexpr std::string_view kProgram = "/usr/bin/unattended-upgrade";
constexpr std::string_view kStamp = "/var/lib/apt/periodic/unattended-upgrades-stamp";

// "1", "7", "always", "12h", "2d": in days, rounded up. Nothing for other words.
std::optional<std::int64_t> interval_days(std::string_view text) {
  if (text.empty()) return 0;
  if (text == "always") return 1;
  std::int64_t seconds_per_unit = 86'400;
  switch (text.back()) {
    case 's': seconds_per_unit = 1; break;
    case 'm': seconds_per_unit = 60; break;
    case 'h': seconds_per_unit = 3'600; break;
    default: break;
  }
  if (std::string_view("smhd").contains(text.back())) text.remove_suffix(1);
  const auto count = decimal(text);
  constexpr std::int64_t kMaxCount = 1'000'000;
  if (!count || *count < 0 || *count > kMaxCount) return std::nullopt;
  return (*count * seconds_per_unit + 86'399) / 86'400;
}

class Settings {
 public:
  Settings(const AptConf& conf, Mechanism& mechanism) : conf_(conf), mechanism_(mechanism) {}

  // 0 when it is not set: apt's own script then does nothing of the kind.
  std::optional<std::int64_t> interval(std::string_view name) {
    const auto* setting = conf_.find(std::string("APT::Periodic::").append(name));
    if (setting == nullptr) return 0;
    remember(setting->file);
    const auto days = interval_days(setting->value);
    if (!days) mechanism_.note(std::string(name).append(" is no interval"));
    return days;
  }

  std::optional<bool> flag(std::string_view name, bool otherwise) {
    const auto* setting = conf_.find(name);
    if (setting == nullptr) return otherwise;
    remember(setting->file);
    return apt_flag(setting->value);
  }

  std::string items(std::initializer_list<std::string_view> lists) {
    std::string joined;
    for (const auto list : lists)
      for (const auto* item : conf_.items(list)) {
        remember(item->file);
        joined.append(joined.empty() ? "" : "; ").append(item->value);
      }
    return joined;
  }

 private:
  void remember(const std::string& file) {
    if (files_.insert(file).second) mechanism_.from(file);
  }

  const AptConf& conf_;
  Mechanism& mechanism_;
  std::set<std::string> files_;
};

// Each of the origins names a security archive.
bool is_security_only(std::string_view origins) {
  while (!origins.empty()) {
    const auto end = origins.find("; ");
    const auto origin = origins.substr(0, end);
    if (!origin.contains("ecurity") && !origin.contains("ESM")) return false;
    origins.remove_prefix(end == std::string_view::npos ? origins.size() : end + 2);
  }
  return true;
}

// systemd's timer goes before cron's script, which does nothing where systemd runs.
Status find_starter(Host& host, const UnitFiles& units, Mechanism& mechanism) {
  const auto timer = units.is_enabled(kTimer);
  if (timer) {
    mechanism.from(kTimer);
    mechanism.is_enabled = *timer;
    if (*timer) return {};
  }
  const auto script = file_exists(host, kCronJob);
  if (!script) return fail(script.error());
  const auto systemd = file_exists(host, "/run/systemd/system");
  if (!systemd) return fail(systemd.error());
  if (*script && !*systemd) {
    mechanism.from(kCronJob);
    if (!timer) mechanism.is_enabled = std::nullopt;
    mechanism.note("cron's script starts it where cron runs and systemd does not");
  } else if (!timer) {
    mechanism.is_enabled = false;
  }
  return {};
}

void read_settings(const AptConf& conf, Mechanism& mechanism) {
  Settings settings(conf, mechanism);
  const auto lists = settings.interval("Update-Package-Lists");
  const auto downloads = settings.interval("Download-Upgradeable-Packages");
  const auto upgrades = settings.interval("Unattended-Upgrade");
  mechanism.refreshes_days = lists;
  if (upgrades) mechanism.installs = *upgrades > 0 && mechanism.is_installed;
  if (downloads) mechanism.downloads = *downloads > 0 || mechanism.installs.value_or(false);
  if (const auto enabled = settings.flag("APT::Periodic::Enable", true); enabled == false) {
    mechanism.is_enabled = false;
    mechanism.note("APT::Periodic::Enable switches it off");
  }
  if (!mechanism.is_installed) return mechanism.note("unattended-upgrades is not installed");
  mechanism.origins = settings.items(
      {"Unattended-Upgrade::Allowed-Origins", "Unattended-Upgrade::Origins-Pattern"});
  if (!mechanism.origins.empty())
    mechanism.is_security_only = is_security_only(mechanism.origins);
  else
    mechanism.note("no origin is allowed, so nothing is installed");
  mechanism.excluded = settings.items({"Unattended-Upgrade::Package-Blacklist"});
  mechanism.reboots = settings.flag("Unattended-Upgrade::Automatic-Reboot", false);
}

}  // namespace

InspectedMechanism inspect_unattended_upgrades(Host& host, const UnitFiles& units) {
  const auto conf = AptConf::load(host);
  if (!conf && conf.error().code() == Code::kNotFound) return std::nullopt;
  if (!conf) return fail(conf.error());
  Mechanism mechanism{.name = "unattended-upgrades"};
  const auto installed = file_exists(host, kProgram);
  if (!installed) return fail(installed.error());
  mechanism.is_installed = *installed;
  if (auto found = find_starter(host, units, mechanism); !found) return fail(found.error());
  read_settings(*conf, mechanism);
  const auto stamp = host.status(kStamp);
  if (stamp)
    mechanism.last_run = evidence::to_date(
        evidence::Seconds(std::chrono::seconds(stamp->modified_ns / 1'000'000'000)));
  else if (stamp.error().code() != Code::kNotFound)
    return fail(stamp.error());
  return mechanism;
}

}  // namespace assay::agent
