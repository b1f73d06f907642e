#include "tests/bench/fleet/cost.h"

#include <fmt/core.h>

#include <cstdio>

namespace assay::bench {

void print_heading() {
  fmt::print("{:<34} {:>10} {:>12} {:>12} {:>8} {:>11}\n", "", "rate", "CPU server", "CPU player",
             "median", "p99");
}

void print_cost(const std::string& what, const Cost& cost) {
  const auto& outcome = cost.outcome;
  fmt::print("{:<34} {:>8.0f}/s {:>12} {:>9.0f} us {:>8.1f} {:>8.1f} ms", what,
             static_cast<double>(outcome.done) / outcome.seconds,
             cost.server_us ? fmt::format("{:.0f} us", *cost.server_us) : "", cost.player_us,
             outcome.latency(0.5), outcome.latency(0.99));
  if (outcome.failed > 0) fmt::print("  {} FAILED: {}", outcome.failed, outcome.first_failure);
  fmt::print("\n");
  std::fflush(stdout);
}

}  // namespace assay::bench
