// What judging a fleet costs a collector, the store included: stored_evaluation_bench BUNDLE
// [HOSTS [sqlite|postgres]]. Hosts of 40 images in a store on disk, judged on two threads:
//   for the first time
//   after a change of the rules of one family, which changes no verdict, and one that changes some
//   on the next day
// By the collector's own queue, which finds and claims them. Run by tests/bench/evaluation/run.
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string_view>

#include "checks/engine/sqlite_memory.h"
#include "collector/evaluation/evaluation_queue.h"
#include "tests/bench/diff/place.h"
#include "tests/bench/evaluation/stored_fleet.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT
using assay::bench::need;

constexpr std::size_t kImages = 40;
constexpr std::size_t kPackages = 2'500;

std::atomic<std::int64_t> clock_ = 0;

void judge_all(EvaluationQueue& queue, Evaluator& evaluator, std::size_t count, const char* what,
               const char* target) {
  const auto before = evaluator.counts();
  const auto start = std::chrono::steady_clock::now();
  const auto cpu_start = std::clock();
  queue.look_now();
  if (!queue.wait_until_idle(std::chrono::minutes(10)))
    throw std::runtime_error("not judged within ten minutes");
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const double cpu = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  const auto after = evaluator.counts();
  if (after.hosts - before.hosts != static_cast<std::int64_t>(count))
    throw std::runtime_error("not every host was judged once");
  fmt::print("{:<44}{:>8}{:>10.2f}{:>10.2f}{:>12}{}\n", what, after.hosts - before.hosts,
             wall.count(), cpu, after.results - before.results, target);
}

}  // namespace

int main(int argc, char** argv) {
  (void)checks::pool_sqlite_memory();
  spdlog::set_level(spdlog::level::warn);
  if (argc < 2) return 64;
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000;
  try {
    const auto place = argc > 3 && std::string_view(argv[3]) == "postgres"
                           ? bench::place_in_postgres()
                           : bench::place_in_sqlite();
    const auto base = bench::machine_in(argv[1], kPackages);
    const auto content = std::make_shared<const checks::Content>(need(checks::load_content()));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    clock_ = now.time_since_epoch().count();
    const auto store = place->open();
    bench::fill(*store, bench::fleet(base, kImages, count), now);
    Evaluator evaluator(*store, content,
                        [] { return evidence::Seconds(std::chrono::seconds(clock_)); });
    QueueOptions options;
    options.threads = 2;
    fmt::print("{:<44}{:>8}{:>10}{:>10}{:>12}\n", "", "hosts", "wall s", "CPU s", "computed");
    EvaluationQueue queue(*store, evaluator, options);
    judge_all(queue, evaluator, count, "for the first time", "   target 10 s");
    ++clock_;
    evaluator.set_content(bench::with_family_changed(*content, "FW-"));
    judge_all(queue, evaluator, count, "rules of FW changed", "   target 1 s");
    ++clock_;
    evaluator.set_content(bench::with_family_changed(*content, "PWD-"));
    judge_all(queue, evaluator, count, "rules of PWD changed, those of FW back", "   target 1 s");
    clock_ += 86'400;
    judge_all(queue, evaluator, count, "the next day", "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
