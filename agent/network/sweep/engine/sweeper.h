// Carries a plan out: half-open where it may, by connect() where not, and UDP.
//
// prepare() opens what needs root or CAP_NET_RAW; leave root between the two calls, since the
// second reads what strangers send. Not for several threads.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "agent/network/sweep/engine/syn_sweep.h"
#include "agent/network/sweep/plan/sweep_plan.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

class Sweeper {
 public:
  // kPermissionDenied when the plan wants half-open or nothing and there is no right to it.
  [[nodiscard]] static Result<Sweeper> prepare(SweepPlan plan);

  // A result per address and transport. Ends early, with what was found, when `stop` is set.
  [[nodiscard]] Result<std::vector<TargetResult>> run(const std::atomic<bool>& stop);

 private:
  Sweeper(SweepPlan plan, std::optional<SynSweep> syn, std::string why_not_syn)
      : plan_(std::move(plan)), syn_(std::move(syn)), why_not_syn_(std::move(why_not_syn)) {}

  SweepPlan plan_;
  std::optional<SynSweep> syn_;
  std::string why_not_syn_;  // for the note; empty: nobody wanted it
};

}  // namespace assay::agent::sweep
