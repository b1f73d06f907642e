#include "agent/network/sweep/engine/sweeper.h"

#include <algorithm>

#include "agent/network/sweep/engine/connect_sweep.h"
#include "agent/network/sweep/engine/udp_sweep.h"

namespace assay::agent::sweep {

Result<Sweeper> Sweeper::prepare(SweepPlan plan) {
  const bool has_tcp =
      std::ranges::any_of(plan.parts, [](const auto& part) { return !part.ports.tcp.empty(); });
  if (plan.method == WantedMethod::kConnect || !has_tcp) return Sweeper(std::move(plan), {}, "");
  auto syn = SynSweep::open();
  if (syn) return Sweeper(std::move(plan), *std::move(syn), "");
  if (plan.method == WantedMethod::kSyn) return fail(syn.error());
  return Sweeper(std::move(plan), {},
                 "by connect(), since half-open was not possible: " + syn.error().message());
}

Result<std::vector<TargetResult>> Sweeper::run(const std::atomic<bool>& stop) {
  std::vector<TargetResult> all;
  for (const auto& part : plan_.parts) {
    const bool is_own = part.role == Role::kOwn;
    const SweepOptions options{.packets_per_second = is_own ? 0 : plan_.packets_per_second,
                               .stop = &stop,
                               .until = is_own ? 0 : plan_.until};
    auto tcp = syn_ ? syn_->run(part, options) : connect_sweep(part, options);
    if (!tcp) return fail(tcp.error());
    if (!why_not_syn_.empty())
      for (auto& result : *tcp) result.add_note(why_not_syn_);
    auto udp = udp_sweep(part, options);
    if (!udp) return fail(udp.error());
    for (auto* results : {&*tcp, &*udp}) std::ranges::move(*results, std::back_inserter(all));
  }
  return all;
}

}  // namespace assay::agent::sweep
