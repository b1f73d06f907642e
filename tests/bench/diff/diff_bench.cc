// How long it takes to tell what changed in a fleet between two dates: diff_bench HOSTS… . Run by
// tests/bench/diff/run. For each number of hosts:
//   a SQLite store on disk, each host with 333 verdicts of 28 families and 15 findings, written as
//   evaluations are, but made up instead of judged; on the second date 2 % of the hosts differ in
//   ten verdicts, five new findings and three that are gone
//   from cold storage (opened anew, the page cache dropped), all pages of both differences
//   beside it, up to 10,000 hosts, the plain way: all of it as rows in two tables, what stood at
//   each date, both sides joined as a full outer join
#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>

#include "checks/engine/sqlite_memory.h"
#include "collector/store/sql/verdict_groups.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "tests/bench/evaluation/stored_fleet.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT
using assay::bench::need;

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

// Nobody asks SQLite for anything while this lives but through it.
class Plain {
 public:
  explicit Plain(const std::string& path) { must(sqlite3_open(path.c_str(), &database_)); }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  ~Plain() { sqlite3_close(database_); }

  void run(const std::string& sql) {
    must(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr));
  }
  std::size_t rows_of(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    must(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr));
    std::size_t rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) ++rows;
    must(sqlite3_finalize(statement));
    return rows;
  }

 private:
  void must(int code) {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database_));
  }
  sqlite3* database_ = nullptr;
};

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

void fill(const std::string& path, std::size_t count) {
  (void)need(sqlite::SqliteStore::open({path}));  // makes its tables
  {
    Plain plain(path);
    plain.run("BEGIN");
    for (std::size_t i = 0; i < count; ++i)
      plain.run(
          fmt::format("INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES"
                      " ('{}', 'host-{:06}', 'server', 'Debian 12', {})",
                      host_id(i), i, kFirst.time_since_epoch().count()));
    plain.run("COMMIT");
  }
  const auto store = need(sqlite::SqliteStore::open({path}));
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

void forget_pages(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw std::runtime_error("cannot open the store");
  (void)::fsync(file);
  if (::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) != 0)
    throw std::runtime_error("the page cache stays");
  ::close(file);
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

Figures differences(const std::string& path) {
  return measured([&] {
    Figures figures;
    const auto store = need(sqlite::SqliteStore::open({path}));
    need(
        for_every([&](const PageRequest& page) { return store->finding_changes(kFrom, kTo, page); },
                  [&](const FindingChange&) -> Status {
                    ++figures.findings;
                    return {};
                  },
                  kMaxChanges));
    need(
        for_every([&](const PageRequest& page) { return store->verdict_changes(kFrom, kTo, page); },
                  [&](const VerdictChange&) -> Status {
                    ++figures.verdicts;
                    return {};
                  },
                  kMaxChanges));
    return figures;
  });
}

// Rows of `columns` that stood at one date and not at the other, `same` being how they are told
// apart: an outer join of both sides, once in each direction, since SQLite finds no index for a
// full one.
std::string joined(const std::string& columns, const std::string& table, const std::string& same,
                   const std::string& differs) {
  const auto standing = [&](evidence::Seconds at) {
    return fmt::format(
        "(SELECT {1} FROM {2} WHERE since <= {0} AND (until IS NULL OR until > {0}))",
        at.time_since_epoch().count(), columns, table);
  };
  return fmt::format(
      "WITH b AS MATERIALIZED {0}, a AS MATERIALIZED {1} SELECT b.* FROM b LEFT JOIN a ON {2}"
      " WHERE {3} UNION ALL SELECT a.* FROM a LEFT JOIN b ON {2} WHERE b.since IS NULL",
      standing(kFrom), standing(kTo), same, differs);
}

// All of it as rows, in a file of its own.
void write_plain(const std::string& path, const std::string& plain_path) {
  Plain plain(path);
  plain.run("ATTACH '" + plain_path + "' AS plain");
  plain.run(
      "CREATE TABLE plain.spans AS SELECT host_id, finding, row, since, until FROM finding_spans"
      " UNION ALL SELECT g.host_id, substr(g.ids, s.at * 32 + 1, 32), s.row, g.since, NULL"
      " FROM finding_groups g JOIN finding_sets s ON s.digest = g.digest");
  plain.run("CREATE TABLE plain.verdicts AS SELECT * FROM " + std::string(sql::kAllVerdicts));
}

// Nothing is known of what changed.
Figures plain_join(const std::string& path) {
  return measured([&] {
    Figures figures;
    Plain plain(path);
    figures.findings = plain.rows_of(
        joined("finding, row, since", "spans", "a.finding = b.finding", "a.since IS NULL"));
    figures.verdicts = plain.rows_of(
        joined("host_id, check_id, parameters, state, since", "verdicts",
               "a.host_id = b.host_id AND a.check_id = b.check_id AND a.parameters = b.parameters",
               "a.state IS NOT b.state"));
    return figures;
  });
}

void print(std::size_t hosts, const char* what, const Figures& figures, const std::string& more) {
  fmt::print("{:>8}  {:<28}{:>10.3f} s{:>10.3f} s CPU{:>8} findings{:>8} verdicts  {}\n", hosts,
             what, figures.seconds, figures.cpu, figures.findings, figures.verdicts, more);
  std::fflush(stdout);
}

void run(std::size_t hosts) {
  const bench::TemporaryFolder folder;
  const auto path = folder.path() + "/store.db";
  fill(path, hosts);
  forget_pages(path);
  const auto cold = differences(path);
  const auto warm = differences(path);
  print(hosts, "what changed, cold", cold,
        fmt::format("target {} s", hosts > 10'000 ? "1" : "0.1"));
  print(hosts, "what changed, again", warm, "");
  if (hosts > kMostJoined) return;
  const auto plain_path = folder.path() + "/plain.db";
  write_plain(path, plain_path);
  forget_pages(plain_path);
  const auto join = plain_join(plain_path);
  print(hosts, "plain join, cold", join,
        fmt::format("ratio {:.4f}, target 0.02", cold.seconds / join.seconds));
  if (cold.findings != join.findings || cold.verdicts != join.verdicts)
    throw std::runtime_error("they do not say the same");
}

}  // namespace

int main(int argc, char** argv) {
  (void)checks::pool_sqlite_memory();
  try {
    fmt::print("{} verdicts and {} findings a host, made up; 1 host in {} changed\n", kVerdicts,
               kFindings, kOneIn);
    for (int i = 1; i < argc; ++i) run(std::strtoul(argv[i], nullptr, 10));
  } catch (const std::exception& error) {
    fmt::print(stderr, "diff_bench: {}\n", error.what());
    return 1;
  }
}
