// What judging costs: evaluation_bench BUNDLE [CHECK…] (assay-agent bundle --output FILE). With ids
// of checks, what their queries cost and nothing else. Prints, each with its target:
//   what reading the compiled content takes, with which a scan by hand begins
//   one host from cold, all rules and frameworks: by itself, with every statement to prepare, and
//   as a collector that runs judges a host of an image that it has not seen; a second host with the
//   same tables; what the costliest checks take of it; beside them what SQLite takes for the
//   plainest such work
//   fleets of 100, 1,000 and 10,000 hosts from 40 images, on two threads
//   the same fleet after a change of the rules of one family: only these are judged anew
//   the same fleet on the next day: only what reads the clock is judged anew
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "checks/engine/result_memory.h"
#include "checks/engine/sqlite_memory.h"
#include "checks/engine/workbench.h"
#include "tests/bench/evaluation/fleet.h"
#include "tests/bench/evaluation/sqlite_floor.h"

namespace {

using namespace assay;

constexpr std::size_t kPackages = 2'500;
constexpr std::size_t kImages = 40;
constexpr const char* kToday = "2026-11-21";
constexpr const char* kTomorrow = "2026-11-22";

double cpu_seconds() {
  timespec now{};
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <typename Work>
double median_cpu_milliseconds(int rounds, Work work) {
  std::vector<double> figures;
  for (int i = 0; i < rounds; ++i) {
    const double before = cpu_seconds();
    work();
    figures.push_back((cpu_seconds() - before) * 1e3);
  }
  std::ranges::nth_element(figures, figures.begin() + rounds / 2);
  return figures[static_cast<std::size_t>(rounds) / 2];
}

std::int64_t judge(const checks::EvaluationInput& input) {
  const auto outcome = checks::evaluate(input);
  if (!outcome) throw std::runtime_error(outcome.error().message());
  return outcome->evaluated;
}

struct Figures {
  double wall = 0;
  double cpu = 0;
  std::int64_t evaluated = 0;
};

Figures judge_all(const checks::Content& content, const std::vector<bench::Machine>& hosts,
                  const char* today, checks::ResultMemory& memory) {
  const checks::Plan plan(content, "server");
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> evaluated = 0;
  const double cpu = cpu_seconds();
  const double wall = wall_seconds();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&] {
        checks::Workbench workbench;
        for (auto at = next++; at < hosts.size(); at = next++)
          evaluated += judge({.content = &content,
                              .tables = &hosts[at],
                              .profile = "server",
                              .today = today,
                              .cache = &memory,
                              .plan = &plan,
                              .workbench = &workbench});
      });
  }
  return {wall_seconds() - wall, cpu_seconds() - cpu, evaluated};
}

double floor_milliseconds(const bench::Machine& machine) {
  const auto packages = machine.share("deb_packages").value();
  return median_cpu_milliseconds(21, [&] { bench::work_of_the_floor(*packages); });
}

void one_host(const checks::Content& content, const bench::Machine& machine) {
  const double cold = median_cpu_milliseconds(21, [&] {
    (void)judge({.content = &content, .tables = &machine, .profile = "server", .today = kToday});
  });
  const checks::Plan plan(content, "server");
  checks::ResultMemory memory(20'000);
  checks::Workbench workbench;
  const checks::EvaluationInput warm{.content = &content,
                                     .tables = &machine,
                                     .profile = "server",
                                     .today = kToday,
                                     .cache = &memory,
                                     .plan = &plan,
                                     .workbench = &workbench};
  const auto judged = judge(warm);
  const double second = median_cpu_milliseconds(1'001, [&] { (void)judge(warm); });
  const auto images = bench::fleet(machine, 3, 3);
  std::size_t turn = 0;
  auto unseen = warm;
  unseen.cache = nullptr;
  const auto judge_next = [&] {
    unseen.tables = &images[turn++ % images.size()];
    (void)judge(unseen);
  };
  judge_next();
  const double prepared = median_cpu_milliseconds(21, judge_next);
  fmt::print("{} checks, {} verdicts, {} of them computed; {} packages\n", content.checks.size(),
             plan.questions().size(), judged, kPackages);
  fmt::print("floor: 1,500 rows, 60 SELECTs {:5.2f} ms CPU\n", floor_milliseconds(machine));
  fmt::print("one host by itself         {:8.2f} ms CPU   target 20\n", cold);
  fmt::print("one host, new image        {:8.2f} ms CPU   target 20\n", prepared);
  fmt::print("second host, same tables   {:8.3f} ms CPU   target 0.2\n", second);
}

void fleets(const checks::Content& content, const bench::Machine& machine) {
  fmt::print("\n{:>8}{:>12}{:>10}{:>14}{:>16}{:>16}{:>14}{:>16}\n", "hosts", "wall s", "CPU s",
             "computed", "FW changed s", "computed then", "next day s", "computed then");
  const auto changed = bench::with_family_changed(content, "FW-");
  for (const std::size_t count : {100U, 1'000U, 10'000U}) {
    const auto hosts = bench::fleet(machine, kImages, count);
    checks::ResultMemory memory(2'000'000);
    const auto first = judge_all(content, hosts, kToday, memory);
    const auto rules = judge_all(*changed, hosts, kToday, memory);
    const auto then = judge_all(content, hosts, kTomorrow, memory);
    fmt::print("{:>8}{:>12.2f}{:>10.2f}{:>14}{:>16.2f}{:>16}{:>14.2f}{:>16}{}\n", count, first.wall,
               first.cpu, first.evaluated, rules.wall, rules.evaluated, then.wall, then.evaluated,
               count == 10'000U ? "   targets 10 s, 1 s" : "");
  }
}

// What each check's own queries cost, its tables being loaded: those of the ids, or the worst, for
// those who write rules.
void costliest(const checks::Content& content, const bench::Machine& machine,
               const std::set<std::string>& ids) {
  std::vector<std::pair<double, std::string>> costs;
  checks::Workbench workbench;
  double sum = 0;
  for (const auto& check : content.checks) {
    if (!ids.empty() && !ids.contains(check.id)) continue;
    checks::Content alone;
    alone.checks = {check};
    alone.frameworks = content.frameworks;
    alone.parameters = content.parameters;
    alone.derived = content.derived;
    for (const auto& table : check.tables)
      if (const auto known = content.references.find(table); known != content.references.end())
        alone.references.insert(*known);
    const checks::EvaluationInput input{.content = &alone,
                                        .tables = &machine,
                                        .profile = "server",
                                        .today = kToday,
                                        .workbench = &workbench};
    (void)judge(input);
    costs.emplace_back(median_cpu_milliseconds(ids.empty() ? 5 : 101, [&] { (void)judge(input); }),
                       check.id);
    sum += costs.back().first;
  }
  std::ranges::sort(costs, std::greater{});
  fmt::print("\nqueries alone {:.2f} ms; the costliest:\n", sum);
  for (std::size_t i = 0; i < std::min<std::size_t>(costs.size(), 20); ++i)
    fmt::print("  {:8.2f} ms  {}\n", costs[i].first, costs[i].second);
}

}  // namespace

int main(int argc, char** argv) {
  (void)checks::pool_sqlite_memory();  // as the programs do; the floor is measured with it too
  if (argc < 2) {
    fmt::print(stderr, "usage: evaluation_bench BUNDLE [CHECK…]\n");
    return 64;
  }
  try {
    const auto content = checks::load_content();
    if (!content) throw std::runtime_error(content.error().message());
    fmt::print("reading the content        {:8.2f} ms CPU\n", median_cpu_milliseconds(21, [] {
                 (void)checks::load_content({}, checks::Digests::kAsWritten);
               }));
    const auto machine = bench::machine_in(argv[1], kPackages);
    const std::set<std::string> ids(argv + 2, argv + argc);
    if (ids.empty()) one_host(*content, machine);
    costliest(*content, machine, ids);
    if (!ids.empty()) return 0;
    (void)std::fflush(stdout);
    fleets(*content, machine);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "evaluation_bench: {}\n", error.what());
    return 1;
  }
}
