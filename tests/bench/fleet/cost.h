// What something costs: its rate, and the CPU of either side for one.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "tests/bench/fleet/player.h"
#include "tests/bench/fleet/served.h"

namespace assay::bench {

struct Cost {
  Outcome outcome;
  std::optional<double> server_us;  // CPU for one; none of a collector on another machine
  double player_us = 0;
};

// `served` may be nullptr.
template <typename Work>
Cost cost_of(const Served* served, Work work) {
  const auto server = served == nullptr ? 0 : served->cpu();
  const auto player = own_cpu();
  Cost cost;
  cost.outcome = work();
  const auto count = static_cast<double>(std::max<std::size_t>(cost.outcome.done, 1));
  if (served != nullptr) cost.server_us = (served->cpu() - server) / count * 1e6;
  cost.player_us = (own_cpu() - player) / count * 1e6;
  return cost;
}

void print_heading();
void print_cost(const std::string& what, const Cost& cost);

}  // namespace assay::bench
