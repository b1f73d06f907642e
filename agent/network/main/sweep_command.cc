// assay-scanner sweep: carries out a plan that it reads from standard input. What may be swept the
// agent has decided, by its own configuration.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>

#include "agent/network/main/scanner_command.h"
#include "agent/network/main/table_stream.h"
#include "agent/network/sweep/engine/sweeper.h"
#include "agent/network/sweep/report/sweep_rows.h"

namespace assay::agent {

namespace {

constexpr std::size_t kMaxPlanBytes = 512U << 10U;  // what the agent hands over at most
constexpr rlim_t kDescriptors = 1100;               // a connection in flight is one

Result<std::string> read_plan() {
  std::string text;
  std::array<char, 4096> room;
  while (true) {
    const auto got = ::read(STDIN_FILENO, room.data(), room.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(system_error(errno, "reading the plan of a sweep"));
    if (got == 0) return text;
    text.append(room.data(), static_cast<std::size_t>(got));
    if (text.size() > kMaxPlanBytes) return fail(Code::kTooLarge, "the plan of a sweep");
  }
}

void allow_more_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kDescriptors) return;
  limit.rlim_cur = std::min(kDescriptors, limit.rlim_max);
  (void)::setrlimit(RLIMIT_NOFILE, &limit);  // without it, fewer connections at a time
}

Status sweep_as_planned() {
  const auto text = read_plan();
  if (!text) return fail(text.error());
  auto plan = sweep::plan_from(*text);
  if (!plan) return fail(plan.error());
  allow_more_descriptors();
  auto sweeper = sweep::Sweeper::prepare(*std::move(plan));
  if (!sweeper) return fail(sweeper.error());
  if (auto left = give_up_root(); !left) return left;
  stop_on_signals();
  const auto results = sweeper->run(stop_asked());
  if (!results) return fail(results.error());
  return write_tables(sweep::sweep_tables(*results));
}

}  // namespace

void add_sweep_command(CLI::App& app, int* code) {
  app.add_subcommand("sweep", "which ports answer; reads a plan from standard input")
      ->callback([code] {
        const auto done = sweep_as_planned();
        *code = done ? kScannerDone : report_problem(done.error());
      });
}

}  // namespace assay::agent
