#include "agent/main/judge.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "agent/host/live_host.h"
#include "agent/scan/kept_digests.h"
#include "agent/scan/network/network_look.h"
#include "agent/state/disk.h"
#include "agent/state/state_folder.h"
#include "checks/yaml/strict_yaml.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::agent {

namespace {

Status keep_only(checks::Content& content, const std::string& id) {
  const auto* check = content.check(id);
  if (check == nullptr) {
    std::vector<std::string> known;
    for (const auto& each : content.checks) known.push_back(each.id);
    const auto likely = checks::yaml::nearest(id, known);
    return fail(Code::kUsage, "there is no check " + id +
                                  (likely ? "; did you mean " + *likely + "?" : std::string()));
  }
  content.checks = {checks::Check(*check)};
  return {};
}

std::set<std::string> host_tables(const checks::Content& content) {
  std::set<std::string> tables;
  for (const auto& check : content.checks)
    for (const auto& table : check.tables) {
      const auto* spec = evidence::find_table(table);
      if (spec != nullptr && spec->origin == evidence::Origin::kHost) tables.insert(table);
    }
  return tables;
}

// For the next scan, where there is an agent's folder and no agent that keeps them itself. What
// cannot be written is read again, and nothing else.
void keep(KeptDigests& digests, const StateFolder& state) {
  if (const auto lock = state.lock()) {
    Disk disk;
    (void)digests.store(disk);
  }
}

}  // namespace

std::string host_name_of(Host& host) {
  auto name = host.read_file("/etc/hostname", 4096);
  if (host.is_live())
    if (auto kernel = host.read_file("/proc/sys/kernel/hostname", 4096)) name = std::move(kernel);
  if (!name) return {};
  return name->substr(0, name->find_first_of(" \t\r\n"));
}

Status judge(const Settings& settings, const JudgeOptions& options, Judged* judged) {
  const auto start = std::chrono::steady_clock::now();
  LiveHost host(options.root);
  if (auto opened = host.opened(); !opened) return opened;
  const StateFolder state(settings.state_dir);
  KeptDigests digests(state);
  if (host.is_live()) host.use_digest_cache(&digests.cache());
  auto content = checks::load_content(settings.content.folders, checks::Digests::kAsWritten);
  if (!content) return fail(content.error());
  judged->content = std::move(*content);
  const OwnFacts own{&settings, {}};
  ScanOptions scan_options{.own = &own};
  const auto network = look_with_scanner(settings, options.uses_network);
  scan_options.network = &network;
  if (options.daily == JudgeOptions::Daily::kNone)
    scan_options.daily.emplace();
  else if (options.daily == JudgeOptions::Daily::kNeeded)
    scan_options.daily = host_tables(judged->content);
  if (!options.only.empty()) {
    if (auto kept = keep_only(judged->content, options.only); !kept) return kept;
    scan_options.tables = host_tables(judged->content);
  }
  judged->scan = scan(host, scan_options);
  // A scan that did not look at every program would forget the digests of the others.
  if (host.is_live() && options.daily != JudgeOptions::Daily::kNone && options.only.empty())
    keep(digests, state);
  const ScanSource source(judged->scan);
  auto outcome = checks::evaluate({.content = &judged->content,
                                   .tables = &source,
                                   .profile = settings.profile,
                                   .today = evidence::to_date(judged->scan.ended)});
  if (!outcome) return fail(outcome.error());
  auto& report = judged->report;
  report.scan = &judged->scan;
  report.content = &judged->content;
  report.profile = settings.profile;
  report.host_name = host_name_of(host);
  report.verdicts = std::move(outcome->verdicts);
  report.frameworks =
      checks::roll_up(judged->content, report.verdicts, {}, {.profile = settings.profile});
  report.costs = costs_so_far();
  report.costs.wall_milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::steady_clock::now() - start)
                                       .count();
  return {};
}

}  // namespace assay::agent
