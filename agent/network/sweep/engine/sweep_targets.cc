#include "agent/network/sweep/engine/sweep_targets.h"

#include <algorithm>
#include <chrono>

namespace assay::agent::sweep {

std::vector<TargetResult> results_for(const SweepPart& part, SweepMethod method) {
  std::vector<TargetResult> results;
  const auto ports = to_text(method == SweepMethod::kUdp ? part.ports.udp : part.ports.tcp);
  part.targets.each([&](const Address& address) {
    TargetResult one{.address = address,
                     .source = source_towards(address),
                     .role = part.role,
                     .method = method,
                     .ports = ports,
                     .answering = {},
                     .note = {},
                     .began_at = seconds_now()};
    if (!one.source) one.add_note(kNoRoute);
    results.push_back(std::move(one));
  });
  return results;
}

bool SweepOptions::is_stopped() const {
  return (stop != nullptr && stop->load(std::memory_order_relaxed)) ||
         (until != 0 && seconds_now() >= until);
}

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string unsent_note(int number) {
  return "some packets did not leave this machine: " + system_error(number, "sending").message();
}

void finish(std::vector<TargetResult>& results, bool is_stopped) {
  const auto now = seconds_now();
  for (auto& result : results) {
    result.ended_at = now;
    std::ranges::sort(result.answering, {}, &AnsweringPort::port);
    if (is_stopped) result.add_note(kStoppedEarly);
  }
}

}  // namespace assay::agent::sweep
