// How long it takes to tell what changed in a fleet between two dates: diff_bench [--store
// postgres] HOSTS… . Run by tests/bench/diff/run. For each number of hosts:
//   a store on disk (SQLite, or a PostgreSQL server of its own), each host with 333 verdicts of 28
//   families and 15 findings, written as evaluations are, but made up instead of judged; on the
//   second date 2 % of the hosts differ in ten verdicts, five new findings and three that are gone
//   from cold storage (opened anew, the page cache dropped, the server started anew, connections
//   open), all pages of both differences beside it, up to 10,000 hosts, the plain way: all of it as
//   rows in two tables, what stood at each date, both sides joined as a full outer join
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string_view>

#include "checks/engine/sqlite_memory.h"
#include "tests/bench/diff/place.h"
#include "tests/bench/evaluation/stored_fleet.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT
using assay::bench::need;
using assay::bench::Place;

constexpr std::size_t kVerdicts = 333;
constexpr std::size_t kInAFamily = 12;
constexpr std::size_t kFindings = 15;
constexpr std::size_t kImages = 40;
constexpr std::size_t kTogether = 100;
constexpr std::size_t kOneIn = 50;
constexpr std::size_t kMostJoined = 10'000;
constexpr std::size_t kVerdictsChanged = 10;
constexpr std::size_t kFindingsNew = 5;
constexpr std::size_t kFindingsGone = 3;
constexpr evidence::Seconds kFirst{std::chrono::seconds(1'780'000'000)};
constexpr evidence::Seconds kSecond = kFirst + std::chrono::days(1);

std::string host_id(std::size_t number) {
  return fmt::format("{:08x}-0000-4000-8000-{:012x}", number * 2'654'435'761U % 0x1'0000'0000U,
                     number);
}

std::string check_id(std::size_t number) {
  return fmt::format("F{:02}-{:03}", number / kInAFamily, number);
}

VerdictInterval verdict(std::size_t host, std::size_t number, bool is_changed) {
  VerdictInterval interval;
  interval.host_id = host_id(host);
  interval.check_id = check_id(number);
  interval.parameters = number % 7 == 0 ? R"({"days":90,"length":12})" : "{}";
  interval.frameworks = {"cis-debian", "idb-isp"};
  const bool is_bad = (number % 11 == 0) != is_changed;
  interval.state = is_bad ? checks::State::kFail : checks::State::kPass;
  interval.key = evidence::sha256(fmt::format("{} {} {}", host % kImages, number, is_changed));
  interval.check_digest = evidence::sha256(interval.check_id);
  return interval;
}

Finding finding(std::size_t host, std::size_t number, FindingState state) {
  Finding finding;
  finding.host_id = host_id(host);
  finding.check_id = check_id(number * 11 % kVerdicts);
  finding.id = evidence::sha256(fmt::format("{} {}", host, number));
  finding.severity = checks::Severity::kMedium;
  finding.key = fmt::format(R"({{"path":"/usr/lib/systemd/system/unit-{}.service"}})", number);
  finding.row = fmt::format(
      R"({{"path":"/usr/lib/systemd/system/unit-{}.service","mode":"0666","owner":"root"}})",
      number);
  finding.frameworks = {"cis-debian", "idb-isp"};
  finding.state = state;
  finding.first_seen = finding.opened_at = finding.last_seen = kFirst;
  finding.snapshot = evidence::sha256(finding.host_id);
  return finding;
}

EvaluationChange judged(std::size_t host, evidence::Seconds at, std::int64_t revision) {
  EvaluationChange change;
  auto& mark = change.mark;
  mark.host_id = host_id(host);
  mark.snapshot = mark.content = mark.input = evidence::sha256(mark.host_id);
  mark.day = "2026-05-29";
  mark.scanned_at = mark.evaluated_at = at;
  mark.revision = revision;
  return change;
}

EvaluationChange first_time(std::size_t host) {
  auto change = judged(host, kFirst, 0);
  static std::map<std::size_t, std::vector<VerdictInterval>> images;
  auto& image = images[host % kImages];
  if (image.empty())
    for (std::size_t i = 0; i < kVerdicts; ++i) image.push_back(verdict(host, i, false));
  change.begun = image;
  for (auto& interval : change.begun) interval.host_id = change.mark.host_id;
  for (std::size_t i = 0; i < kFindings; ++i)
    change.appeared.push_back(finding(host, i, FindingState::kOpen));
  return change;
}

EvaluationChange changed(std::size_t host) {
  auto change = judged(host, kSecond, 1);
  for (std::size_t i = 0; i < kVerdictsChanged; ++i)
    change.begun.push_back(verdict(host, i * 31, true));
  for (std::size_t i = 0; i < kFindingsGone; ++i) {
    auto gone = finding(host, i, FindingState::kResolved);
    gone.resolved_at = kSecond;
    change.findings.push_back(gone);
  }
  for (std::size_t i = 0; i < kFindingsNew; ++i) {
    auto fresh = finding(host, kFindings + i, FindingState::kOpen);
    fresh.first_seen = fresh.opened_at = fresh.last_seen = kSecond;
    change.appeared.push_back(fresh);
  }
  return change;
}

void commit(Store& store, std::vector<EvaluationChange>& changes) {
  for (auto& done : need(store.commit_evaluations(changes))) need(done);
  changes.clear();
}

void fill(Place& place, std::size_t count) {
  (void)place.open();  // makes its tables
  std::string hosts("INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES");
  for (std::size_t i = 0; i < count; ++i)
    hosts += fmt::format("{} ('{}', 'host-{:06}', 'server', 'Debian 12', {})", i == 0 ? "" : ",",
                         host_id(i), i, kFirst.time_since_epoch().count());
  place.run(hosts);
  const auto store = place.open();
  std::vector<EvaluationChange> changes;
  for (std::size_t i = 0; i < count; ++i) {
    changes.push_back(first_time(i));
    if (changes.size() == kTogether || i + 1 == count) commit(*store, changes);
  }
  for (std::size_t i = 0; i < count; i += kOneIn) {
    changes.push_back(changed(i));
    if (changes.size() == kTogether || i + kOneIn >= count) commit(*store, changes);
  }
}

struct Figures {
  double seconds = 0;
  double cpu = 0;
  std::size_t findings = 0;
  std::size_t verdicts = 0;
};

template <typename Work>
Figures measured(Work work) {
  const auto start = std::chrono::steady_clock::now();
  const auto cpu = std::clock();
  Figures figures = work();
  figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  figures.cpu = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  return figures;
}

const auto kFrom = kFirst + std::chrono::hours(1);
const auto kTo = kSecond + std::chrono::hours(1);

Figures differences(Store& store) {
  return measured([&] {
    Figures figures;
    need(for_every([&](const PageRequest& page) { return store.finding_changes(kFrom, kTo, page); },
                   [&](const FindingChange&) -> Status {
                     ++figures.findings;
                     return {};
                   },
                   kMaxChanges));
    need(for_every([&](const PageRequest& page) { return store.verdict_changes(kFrom, kTo, page); },
                   [&](const VerdictChange&) -> Status {
                     ++figures.verdicts;
                     return {};
                   },
                   kMaxChanges));
    return figures;
  });
}

// Nothing is known of what changed.
Figures plain_join(Place& place) {
  const auto from = kFrom.time_since_epoch().count();
  const auto to = kTo.time_since_epoch().count();
  return measured([&] {
    Figures figures;
    figures.findings = place.rows_of(place.joined(
        "finding, row, since", "spans", "a.finding = b.finding", "a.since IS NULL", from, to));
    figures.verdicts = place.rows_of(place.joined(
        "host_id, check_id, parameters, state, since", "plain_verdicts",
        "a.host_id = b.host_id AND a.check_id = b.check_id AND a.parameters = b.parameters",
        "a.state IS DISTINCT FROM b.state", from, to));
    return figures;
  });
}

void print(std::size_t hosts, const char* what, const Figures& figures, const std::string& more) {
  fmt::print("{:>8}  {:<28}{:>10.3f} s{:>10.3f} s CPU{:>8} findings{:>8} verdicts  {}\n", hosts,
             what, figures.seconds, figures.cpu, figures.findings, figures.verdicts, more);
  std::fflush(stdout);
}

void run(Place& place, std::size_t hosts) {
  fill(place, hosts);
  place.make_cold();
  auto store = place.open();
  const auto cold = differences(*store);
  const auto warm = differences(*store);
  store.reset();
  print(hosts, "what changed, cold", cold,
        fmt::format("target {} s", hosts > 10'000 ? "1" : "0.1"));
  print(hosts, "what changed, again", warm, "");
  if (hosts > kMostJoined) return;
  place.write_plain();
  place.make_cold();
  const auto join = plain_join(place);
  print(hosts, "plain join, cold", join,
        fmt::format("ratio {:.4f}, target 0.02", cold.seconds / join.seconds));
  if (cold.findings != join.findings || cold.verdicts != join.verdicts)
    throw std::runtime_error("they do not say the same");
}

}  // namespace

int main(int argc, char** argv) {
  (void)checks::pool_sqlite_memory();
  try {
    const bool is_in_postgres = argc > 2 && std::string_view(argv[1]) == "--store" &&
                                std::string_view(argv[2]) == "postgres";
    fmt::print("{} verdicts and {} findings a host, made up; 1 host in {} changed\n", kVerdicts,
               kFindings, kOneIn);
    for (int i = is_in_postgres ? 3 : 1; i < argc; ++i) {
      const auto place = is_in_postgres ? bench::place_in_postgres() : bench::place_in_sqlite();
      run(*place, std::strtoul(argv[i], nullptr, 10));
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "diff_bench: {}\n", error.what());
    return 1;
  }
}
