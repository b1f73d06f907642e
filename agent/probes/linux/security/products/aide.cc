// AIDE and other programs that look once a day and end again.
#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 2> kDatabases = {"/var/lib/aide/aide.db",
                                                        "/var/lib/aide/aide.db.gz"};
constexpr std::size_t kStartOfReport = 4096;

// "Start timestamp: 2026-11-20 06:25:03 +0000 (AIDE 0.18.3)"
void find_last_check(Host& host, Findings& findings) {
  for (const std::string_view path : {"/var/log/aide/aide.log", "/var/log/aide.log"}) {
    const auto report = host.read_start(path, kStartOfReport);
    if (!report) {
      if (report.error().code() != Code::kNotFound)
        findings.unknown("last_scan", report.error().message());
      continue;
    }
    const auto at = report->find("Start timestamp:");
    if (at == std::string::npos) continue;
    if (const auto date = date_within(std::string_view(*report).substr(at, 64))) {
      findings.last_scan = *date;
      return findings.from(path);
    }
  }
  findings.unknown("last_scan", "no report in /var/log/aide");
}

void find_cron_job(Host& host, Findings& findings) {
  if (findings.presence.enabled.value_or(false)) return;
  constexpr std::array<std::string_view, 4> kNames = {"aide", "tripwire", "chkrootkit", "rkhunter"};
  const auto own = joined(findings.presence.sources, " ");
  for (const std::string_view folder : {"/etc/cron.daily/", "/etc/cron.weekly/"})
    for (const auto name : kNames) {
      if (own.find(name) == std::string::npos) continue;
      auto path = std::string(folder).append(name);
      for (const std::string_view suffix : {"", "-check"}) {
        const auto job = path + std::string(suffix);
        if (!host.status(job)) continue;
        findings.presence.enabled = true;
        findings.presence.sources.push_back(job);
        std::erase(findings.presence.notes, kNoService);
        return;
      }
    }
}

}  // namespace

Status inspect_periodic(Host& host, PresenceFinder&, Findings& findings) {
  find_cron_job(host, findings);
  findings.note("it runs only while it checks");
  return {};
}

Status inspect_aide(Host& host, PresenceFinder& finder, Findings& findings) {
  if (auto done = inspect_periodic(host, finder, findings); !done) return done;
  const bool has_database = std::ranges::any_of(
      kDatabases, [&](std::string_view path) { return host.status(path).has_value(); });
  if (!has_database) findings.note("there is no database to compare with: /var/lib/aide/aide.db");
  find_last_check(host, findings);
  return {};
}

}  // namespace assay::agent
