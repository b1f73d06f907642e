// What the waivers in force at one moment cover. This is the only place that decides it: lists,
// roll-up and explanations ask here, so that they agree. It is computed when something is read:
// a waiver takes effect, ends and is revoked without anything being judged anew, and any past
// moment can be asked for.
//
// Pure, and safe from any thread once made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/evaluation.h"
#include "collector/records/host_scope.h"
#include "collector/store/posture_store.h"
#include "collector/store/waiver.h"

namespace assay::collector {

class WaiversInForce {
 public:
  WaiversInForce() = default;
  // Keeps those of `waivers` that are in force at `when`; `members` are the groups of then.
  WaiversInForce(std::vector<Waiver> waivers, evidence::Seconds when,
                 const GroupMembers& members = {});

  [[nodiscard]] bool empty() const { return held_.empty(); }

  struct Cover {
    // Every framework under which it violates is covered: it counts as waived.
    bool is_whole = false;
    // Those that cover it for at least one of its frameworks.
    std::vector<const Waiver*> waivers;
  };
  // Of an open finding, whole or as one framework sees it. A resolved one is not covered.
  [[nodiscard]] Cover of_finding(const Finding& finding, std::string_view framework = {}) const;

  // Whether some waiver may cover findings of this host; of this check on this host.
  [[nodiscard]] bool may_cover(std::string_view host_id) const;
  [[nodiscard]] bool may_cover(std::string_view host_id, std::string_view check_id) const;
  // Whether of_verdict() has to know the findings: a waiver names single ones.
  [[nodiscard]] bool needs_findings(std::string_view host_id, std::string_view check_id) const;

  struct Part {
    checks::Verdict verdict;
    std::vector<const Waiver*> waivers;  // that take part in covering its findings
  };
  // A failing verdict split by what holds for its frameworks: `waived` for those for which every
  // finding is covered, `fail` for the others. Where rows could not be judged, `unknown` is left
  // when the violations are waived. Any other verdict stays as it is.
  // `findings`: the open ones of this host and check. `is_complete`: the verdict lists all its
  // rows, so that there is a finding for each. Neither matters unless needs_findings().
  [[nodiscard]] std::vector<Part> of_verdict(const checks::Verdict& verdict,
                                             std::string_view host_id,
                                             const std::vector<Finding>& findings,
                                             bool is_complete) const;

 private:
  Cover of_frameworks(const Finding& finding, const std::vector<std::string>& frameworks) const;
  Cover of_all_findings(const std::vector<Finding>& findings, std::string_view host_id,
                        std::string_view check_id, const std::string& framework,
                        bool is_complete) const;

  struct Held {
    Waiver waiver;
    HostScope hosts;
    [[nodiscard]] bool covers(std::string_view host_id, std::string_view check_id) const {
      return waiver.scope.check_id == check_id && hosts.covers(host_id);
    }
  };
  std::vector<Held> held_;
};

}  // namespace assay::collector
