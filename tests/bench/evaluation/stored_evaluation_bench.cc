// What judging a fleet costs a collector, the store included: stored_evaluation_bench BUNDLE
// [HOSTS]. Hosts of 40 images in a SQLite store on disk, judged on two threads:
//   for the first time
//   after a change of the rules of one family, which changes no verdict, and one that changes some
//   on the next day
// As many hosts at a time as the collector judges. Run by tests/bench/evaluation/run.
#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "checks/engine/sqlite_memory.h"
#include "collector/evaluation/evaluation_queue.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "tests/bench/evaluation/stored_fleet.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT
using assay::bench::need;

constexpr std::size_t kImages = 40;
constexpr std::size_t kPackages = 2'500;
const std::size_t kTogether = QueueOptions().batch;

std::atomic<std::int64_t> clock_ = 0;

void judge_all(Store& store, Evaluator& evaluator, const char* what, const char* target) {
  const auto before = evaluator.counts();
  const auto start = std::chrono::steady_clock::now();
  const auto cpu_start = std::clock();
  std::vector<std::string> due;
  for (;;) {
    auto some = need(store.due(evaluator.content()->digest, evaluator.today(),
                               due.empty() ? std::string() : due.back(), kMaxPage));
    if (some.empty()) break;
    due.insert(due.end(), some.begin(), some.end());
  }
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&] {
        for (auto at = next.fetch_add(kTogether); at < due.size(); at = next.fetch_add(kTogether))
          for (auto& done : evaluator.evaluate_all(
                   std::span(due).subspan(at, std::min(kTogether, due.size() - at))))
            need(done);
      });
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const double cpu = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  const auto after = evaluator.counts();
  fmt::print("{:<44}{:>8}{:>10.2f}{:>10.2f}{:>12}{}\n", what, due.size(), wall.count(), cpu,
             after.results - before.results, target);
}

}  // namespace

int main(int argc, char** argv) {
  (void)checks::pool_sqlite_memory();
  if (argc < 2) return 64;
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000;
  try {
    const bench::TemporaryFolder folder;
    const auto base = bench::machine_in(argv[1], kPackages);
    const auto content = std::make_shared<const checks::Content>(need(checks::load_content()));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    clock_ = now.time_since_epoch().count();
    const auto store = need(sqlite::SqliteStore::open({folder.path() + "/store.db"}));
    bench::fill(*store, bench::fleet(base, kImages, count), now);
    Evaluator evaluator(*store, content,
                        [] { return evidence::Seconds(std::chrono::seconds(clock_)); });
    fmt::print("{:<44}{:>8}{:>10}{:>10}{:>12}\n", "", "hosts", "wall s", "CPU s", "computed");
    judge_all(*store, evaluator, "for the first time", "   target 10 s");
    ++clock_;
    evaluator.set_content(bench::with_family_changed(*content, "FW-"));
    judge_all(*store, evaluator, "rules of FW changed", "   target 1 s");
    ++clock_;
    evaluator.set_content(bench::with_family_changed(*content, "PWD-"));
    judge_all(*store, evaluator, "rules of PWD changed, those of FW back", "   target 1 s");
    clock_ += 86'400;
    judge_all(*store, evaluator, "the next day", "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
