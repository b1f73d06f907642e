#include "agent/main/neighbour_check.h"

#include "agent/scanner/scanned_tables.h"
#include "agent/scanner/scanner_process.h"

namespace assay::agent {

namespace {

// Every port is asked up to three times; each question is a packet.
constexpr std::uint64_t kMostQuestions = 3;

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::vector<std::string> neighbour_tables() {
  return {"reachable_ports", "sweeps"};
}

Result<sweep::SweepPlan> neighbour_plan(const sweep::SweepSettings& settings, std::int64_t now) {
  auto plan =
      sweep::plan_of(settings, {.targets = {}, .is_of_neighbours = true}, {.own = {}, .now = now});
  if (!plan) return fail(plan.error().code, plan.error().words.en);
  std::uint64_t ports = 0;
  for (const auto& part : plan->parts)
    ports +=
        part.targets.count(sweep::kMaxAddresses) * (count(part.ports.tcp) + count(part.ports.udp));
  const auto most = static_cast<std::uint64_t>(std::chrono::seconds(kMaxNeighbourCheck).count()) *
                    plan->packets_per_second;
  if (ports * kMostQuestions > most)
    return fail(Code::kTooLarge,
                "checking the neighbours could take longer than ten minutes at this rate: fewer "
                "neighbours or ports, or a higher rate (sweep.neighbour_ports, sweep.rate)");
  return *std::move(plan);
}

Result<std::vector<evidence::Table>> check_neighbours(const sweep::SweepSettings& settings) {
  const auto plan = neighbour_plan(settings, seconds_now());
  if (!plan) return fail(plan.error());
  const auto program = scanner_program();
  if (!program) return fail(program.error());
  const auto text = to_text(*plan);
  const auto ended = run_scanner({.program = *program,
                                  .arguments = {"sweep"},
                                  .input = text,
                                  .time_limit = 2 * kMaxNeighbourCheck});
  if (!ended) return fail(ended.error());
  if (ended->code != 0)
    return fail(Code::kIo, "the scanner ended with code " + std::to_string(ended->code));
  return scanned_tables(ended->output);
}

}  // namespace assay::agent
