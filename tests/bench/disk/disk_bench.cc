// A collector's disk: disk_bench BUNDLE [HOSTS [DAYS]]. Hosts that begin as the machine of the
// bundle, with packages of their own, and drift (drift.cc). Each sends one snapshot a day, spread
// over its hours; what is accepted is logged, checkpoints signed, and judged; every host is judged
// anew when the date changes. Keys, certificates, signatures are real. At the end fsck and prune
// are timed on it. Run by tests/bench/disk/run.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "checks/engine/sqlite_memory.h"
#include "collector/evaluation/evaluation_queue.h"
#include "collector/fsck/fsck.h"
#include "collector/ledger/sequencer.h"
#include "collector/retention/prune.h"
#include "collector/store/kept_form.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/signature.h"
#include "tests/bench/disk/drift.h"
#include "tests/bench/disk/usage.h"
#include "tests/bench/evaluation/stored_fleet.h"
#include "tests/bench/fleet/company.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT
using assay::bench::need;

constexpr std::size_t kPackages = 1'000;
constexpr std::size_t kHours = 24;
constexpr double kTargetGigabytes = 5;
constexpr double kFleet = 1'000;

class Machine {
 public:
  Machine(const bench::Member& member, const bench::Machine& base, std::size_t number)
      : member_(member),
        serial_(need(evidence::read_certificate(member.certificate)).serial),
        drift_(base, number) {}

  [[nodiscard]] const std::string& id() const { return member_.host_id; }

  // One day after the last.
  void scan(evidence::Seconds now, Store& store, NewSnapshot& snapshot,
            std::vector<StoredTable>& tables) {
    if (sequence_ > 0) drift_.live();
    auto last = Predecessor::of(store, id(), sequence_ + 1);
    auto* before = last ? &*last : nullptr;
    for (const auto& kept : drift_.take()) {
      tables.push_back({{*kept.entry.digest, kept.entry.name, kept.entry.bytes, 0, {}},
                        need(evidence::codec_of_thread().compress(kept.bytes)),
                        {}});
      set_form(store, kept.bytes, before, &tables.back());
    }
    auto& manifest = snapshot.manifest;
    manifest.host_id = id();
    manifest.host_name = "machine-" + id().substr(0, 8);
    manifest.agent_version = "0.1.0";
    manifest.config_digest = evidence::sha256("settings");
    manifest.profile = "server";
    manifest.sequence = ++sequence_;
    manifest.previous = before_;
    manifest.started = manifest.ended = evidence::to_timestamp(now);
    manifest.tables = drift_.entries();
    const auto bytes = need(evidence::to_canonical(manifest));
    before_ = snapshot.digest = evidence::sha256(bytes);
    need(set_form(bytes, before, &snapshot));
    snapshot.signature = need(evidence::sign(member_.key, bytes));
    snapshot.certificate_serial = serial_;
    snapshot.now = now;
  }

 private:
  const bench::Member& member_;
  const std::string serial_;
  bench::DriftingMachine drift_;
  std::optional<evidence::Digest> before_;
  std::int64_t sequence_ = 0;
};

// A collector over its state folder; what it does at which hour.
class Collector {
 public:
  Collector(const std::string& state, const evidence::Digest& ca)
      : store_(need(sqlite::SqliteStore::open({state + "/store.db"}))),
        key_(need(LedgerKey::open_or_create(state + "/identity", ca))),
        evaluator_(*store_, std::make_shared<const checks::Content>(need(checks::load_content())),
                   [this] { return now_; }) {}

  void hour(evidence::Seconds now, std::vector<Machine>& machines, std::size_t turn) {
    now_ = now;
    if (turn == 0) judge();  // another date
    std::vector<NewSnapshot> snapshots((machines.size() + kHours - 1 - turn) / kHours);
    std::vector<std::vector<StoredTable>> tables(snapshots.size());
    std::vector<SnapshotCommit> commits;
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      machines[turn + i * kHours].scan(now, *store_, snapshots[i], tables[i]);
      commits.push_back({&snapshots[i], tables[i]});
    }
    for (auto& receipt : store_->commit_snapshots(commits)) (void)need(std::move(receipt));
    SequencerOptions options;
    options.now = [this] { return now_; };
    while (need(sequence_once(*store_, key_, options)) > 0) continue;
    judge();
  }

 private:
  void judge() {
    const auto together = QueueOptions().batch;
    for (;;) {
      const auto due =
          need(store_->due(evaluator_.content()->digest, evaluator_.today(), "", together));
      if (due.empty()) return;
      for (auto& done : evaluator_.evaluate_all(due)) need(done);
    }
  }

  evidence::Seconds now_;
  std::unique_ptr<Store> store_;
  LedgerKey key_;
  Evaluator evaluator_;
};

void print(const std::vector<bench::Part>& parts, std::size_t host_days, std::size_t most) {
  for (std::size_t i = 0; i < std::min(parts.size(), most); ++i)
    fmt::print("  {:<44}{:>10}{:>12.2f} MB{:>10.0f}\n", parts[i].name, parts[i].rows,
               static_cast<double>(parts[i].bytes) / 1e6,
               static_cast<double>(parts[i].bytes) / static_cast<double>(host_days));
}

template <typename Work>
double seconds_of(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// All of it is looked at; then, five years later, what is older than half of the time goes, and
// what is left is looked at again.
void look_and_prune(const std::string& state, const std::string& ca, evidence::Seconds middle) {
  const auto store = need(sqlite::SqliteStore::open({state + "/store.db"}));
  FsckOptions options;
  options.ca_pem = ca;
  options.ledger =
      need(LedgerKey::open_or_create(state + "/identity", evidence::sha256(ca))).verifier();
  options.on_damage = [](const Text& subject, const Text& detail) {
    throw std::runtime_error(subject.en + ": " + detail.en);
  };
  const auto look = [&] {
    FsckCounts counts;
    const auto seconds = seconds_of([&] { counts = need(fsck(*store, options)); });
    fmt::print(
        "fsck: {} snapshots ({} of them removed), {} tables, {} entries, {} hosts judged again, {}"
        " not: {:.1f} s\n",
        counts.snapshots, counts.removed, counts.tables, counts.entries, counts.judged_again,
        counts.not_judged_again, seconds);
  };
  look();
  options.content = std::make_shared<const checks::Content>(need(checks::load_content()));
  look();
  Removal gone;
  const auto now = std::chrono::floor<std::chrono::days>(middle) + std::chrono::days(5 * 366);
  const auto seconds = seconds_of([&] { gone = need(prune(*store, {}, now)); });
  fmt::print(
      "prune: {} snapshots, {} tables, {} verdicts, {} findings, {} results removed in {:.1f} s\n",
      gone.snapshots, gone.tables, gone.history.verdicts, gone.history.findings, gone.results,
      seconds);
  look();
}

void run(const char* bundle, std::size_t hosts, std::size_t days) {
  const bench::TemporaryFolder folder;
  const auto state = folder.path() + "/state";
  const auto base = bench::machine_in(bundle, kPackages);
  const auto begin = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const auto company = bench::found_company(state, hosts, begin);
  std::vector<Machine> machines;
  for (std::size_t i = 0; i < hosts; ++i) machines.emplace_back(company.members[i], base, i);
  fmt::print("{} hosts, {} packages each, one snapshot a day\n{}\n\n{:>5}{:>12}{:>22}\n", hosts,
             kPackages, bench::assumptions(), "day", "MB", "bytes a host and day");
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (std::size_t day = 0; day < days; ++day) {
    {
      // Closed after each day, so that nothing waits in the log beside the file.
      Collector collector(state, evidence::sha256(company.ca));
      for (std::size_t turn = 0; turn < kHours; ++turn)
        collector.hour(begin + std::chrono::days(day) + std::chrono::hours(turn), machines, turn);
    }
    const auto now = bench::bytes_of(bench::files_in(state));
    if (day == 0 || day % 5 == 4)
      fmt::print(
          "{:>5}{:>12.1f}{:>22.0f}\n", day + 1, static_cast<double>(now) / 1e6,
          day == 0 ? 0.0 : static_cast<double>(now - first) / static_cast<double>(hosts * day));
    std::fflush(stdout);
    if (day == 0) first = now;
    last = now;
  }
  const auto per_day = static_cast<double>(last - first) / static_cast<double>(hosts * (days - 1));
  const auto per_host = static_cast<double>(first) / static_cast<double>(hosts);
  fmt::print("\nfiles{:>62} MB{:>10}\n", "", "per host, day");
  print(bench::files_in(state), hosts * days, 8);
  fmt::print("tables and indexes\n");
  print(bench::parts_of(state + "/store.db"), hosts * days, 20);
  fmt::print("evidence, by table\n");
  print(bench::evidence_of(state + "/store.db"), hosts * days, 16);
  fmt::print(
      "\na host's first day {:.0f} bytes, each day after it {:.0f}: a year of {:.0f} hosts"
      " {:.2f} GB (target {} GB)\n",
      per_host, per_day, kFleet, kFleet * (per_host + 364 * per_day) / 1e9, kTargetGigabytes);
  look_and_prune(state, company.ca, begin + std::chrono::days(days / 2));
}

}  // namespace

int main(int argc, char** argv) {
  (void)checks::pool_sqlite_memory();
  if (argc < 2) return 64;
  try {
    run(argv[1], argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200,
        argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 30);
  } catch (const std::exception& error) {
    fmt::print(stderr, "disk_bench: {}\n", error.what());
    return 1;
  }
}
