#include "agent/probes/linux/updates/backup/last_success.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/text/lines.h"
#include "evidence/timestamp.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxLogBytes = 8U << 20U;
constexpr std::size_t kMaxSnapshots = 20'000;

// A real day at the beginning of `text`, which may separate it with other characters than hyphens.
std::string day_at(std::string_view text) {
  if (text.size() < 10) return {};
  const std::string day(text.substr(0, 10));
  return evidence::from_date(day) ? day : std::string();
}

std::string why_not(const Error& error, std::string_view what) {
  if (error.code() == Code::kNotFound) return "last success: there is no " + std::string(what);
  return "last success: " + error.message();
}

LastSuccess of_rsnapshot(Host& host) {
  constexpr std::string_view kSettings = "/etc/rsnapshot.conf";
  const auto text = host.read_file(kSettings, kMaxConfigBytes);
  if (!text) return {.note = why_not(text.error(), kSettings)};
  const auto settings = rsnapshot_settings(*text);
  if (settings.level.empty())
    return {.note = "last success: " + std::string(kSettings) + " names no level"};
  LastSuccess found;
  for (const std::string_view path :
       {std::string_view(settings.log), std::string_view("/var/log/rsnapshot.log"),
        std::string_view("/var/log/rsnapshot")}) {
    if (path.empty()) continue;
    const auto log = host.read_file(path, kMaxLogBytes);
    if (!log) {
      if (found.note.empty()) found.note = why_not(log.error(), path);
      continue;
    }
    found.day = last_rsnapshot_day(*log, settings.level);
    found.source = path;
    found.note = found.day.empty() ? "last success: the log tells of none" : "";
    break;
  }
  return found;
}

// Folders named by time: /timeshift/snapshots/2024-05-01_03-00-01.
LastSuccess of_timeshift(Host& host) {
  LastSuccess found;
  for (const std::string_view folder :
       {"/timeshift/snapshots", "/run/timeshift/backup/timeshift/snapshots",
        "/run/timeshift/backup/timeshift-btrfs/snapshots"}) {
    const auto names = host.list_directory(folder, kMaxSnapshots);
    if (!names) {
      found.note = why_not(names.error(), "folder of snapshots that is mounted");
      continue;
    }
    for (const auto& name : *names)
      if (auto day = day_at(name); day > found.day) found.day = std::move(day);
    if (found.day.empty()) continue;
    return {.day = found.day, .source = std::string(folder)};
  }
  return found;
}

LastSuccess of_snapper(Host& host) {
  constexpr std::string_view kFolder = "/.snapshots";
  const auto names = host.list_directory(kFolder, kMaxSnapshots);
  if (!names) return {.note = why_not(names.error(), "folder /.snapshots")};
  std::int64_t newest = 0;
  for (const auto& name : *names) newest = std::max(newest, decimal(name).value_or(0));
  if (newest == 0) return {.note = "last success: there is no snapshot of the root file system"};
  const auto path = std::string(kFolder) + "/" + std::to_string(newest) + "/info.xml";
  const auto info = host.read_file(path, kMaxConfigBytes);
  if (!info) return {.note = "last success: " + info.error().message()};
  auto day = snapper_day(*info);
  if (day.empty()) return {.note = "last success: " + path + " tells no date"};
  return {.day = std::move(day), .source = path};
}

// Names of manifests tell the times: duplicity-full.20240501T033001Z.manifest.
LastSuccess of_duplicity(Host& host) {
  constexpr std::string_view kFolder = "/root/.cache/duplicity";
  const auto jobs = host.list_directory(kFolder, kMaxSnapshots);
  if (!jobs) return {.note = why_not(jobs.error(), "archive folder of root")};
  LastSuccess found;
  for (const auto& job : *jobs) {
    const auto folder = std::string(kFolder) + "/" + job;
    const auto names = host.list_directory(folder, kMaxSnapshots);
    if (!names) continue;
    for (const std::string_view name : *names) {
      if (!name.ends_with(".manifest")) continue;  // ".manifest.part": not finished
      const auto time = name.substr(0, name.size() - 9);
      const auto last = time.rfind('.');
      if (last == std::string_view::npos) continue;
      if (auto day = compact_date(time.substr(last + 1)).value_or(""); day > found.day) {
        found.day = std::move(day);
        found.source = folder;
      }
    }
  }
  if (found.day.empty()) found.note = "last success: root's archive folder tells of none";
  return found;
}

LastSuccess of_pgbackrest(Host& host) {
  constexpr std::string_view kFolder = "/var/lib/pgbackrest/backup";
  const auto stanzas = host.list_directory(kFolder, kMaxSnapshots);
  if (!stanzas) return {.note = why_not(stanzas.error(), "repository on this machine")};
  LastSuccess found;
  for (const auto& stanza : *stanzas) {
    const auto path = std::string(kFolder) + "/" + stanza + "/backup.info";
    const auto info = host.read_file(path, kMaxLogBytes);
    if (!info) continue;
    if (auto day = last_pgbackrest_day(*info); day > found.day) {
      found.day = std::move(day);
      found.source = path;
    }
  }
  if (found.day.empty()) found.note = "last success: the repository tells of none";
  return found;
}

}  // namespace

RsnapshotSettings rsnapshot_settings(std::string_view text) {
  RsnapshotSettings settings;
  bool has_sync = false;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    const auto blank = std::min(content.find_first_of(" \t"), content.size());
    const auto name = content.substr(0, blank);
    auto value = trimmed(content.substr(blank));
    value = value.substr(0, value.find_first_of(" \t"));
    if ((name == "retain" || name == "interval") && settings.level.empty()) settings.level = value;
    if (name == "logfile") settings.log = value;
    if (name == "sync_first") has_sync = value == "1";
  }
  if (has_sync && !settings.level.empty()) settings.level = "sync";
  return settings;
}

std::string last_rsnapshot_day(std::string_view log, std::string_view level) {
  const auto end = std::string(" ").append(level).append(": completed successfully");
  std::string last;
  Lines lines(log);
  while (const auto line = lines.next()) {
    if (!trimmed(*line).ends_with(end)) continue;
    // [2024-05-01T03:30:01] /usr/bin/rsnapshot daily: completed successfully
    if (auto day = line->starts_with('[') ? day_at(line->substr(1)) : std::string(); day > last)
      last = std::move(day);
  }
  return last;
}

std::string last_pgbackrest_day(std::string_view info) {
  constexpr std::string_view kKey = "\"backup-timestamp-stop\":";
  constexpr std::int64_t kMaxTime = 253'402'300'799;
  std::int64_t last = 0;
  for (auto at = info.find(kKey); at != std::string_view::npos; at = info.find(kKey, at + 1)) {
    const auto number = info.substr(at + kKey.size(), 20);
    const auto seconds = decimal(number.substr(0, number.find_first_not_of("0123456789")));
    if (seconds && *seconds <= kMaxTime) last = std::max(last, *seconds);
  }
  if (last == 0) return {};
  return evidence::to_date(evidence::Seconds(std::chrono::seconds(last)));
}

std::string snapper_day(std::string_view info) {
  constexpr std::string_view kTag = "<date>";
  const auto at = info.find(kTag);
  return at == std::string_view::npos ? std::string() : day_at(info.substr(at + kTag.size()));
}

LastSuccess last_success_of(Host& host, std::string_view tool) {
  if (tool == "rsnapshot") return of_rsnapshot(host);
  if (tool == "timeshift") return of_timeshift(host);
  if (tool == "snapper") return of_snapper(host);
  if (tool == "duplicity") return of_duplicity(host);
  if (tool == "pgBackRest") return of_pgbackrest(host);
  return {.note = "last success: not recorded on this machine in a form that is known"};
}

}  // namespace assay::agent
