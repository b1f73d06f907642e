// What one evaluation changes about a host: which verdicts begin and end, which findings are new,
// gone, back, or can no longer be confirmed. Pure: no store, no clock.
//
// A finding is open from the scan that first showed it until its check was judged again, without
// doubt and without it. While any verdict of the check is unknown, or lists only a part of its
// rows, it stays open and is not confirmed. It is resolved, too, when its check is no longer asked
// of the host.
//
// A verdict goes on while its check, its frameworks and its result are the same, even when tables
// that it read are others: the clock is another one every day. Findings are looked at for those
// checks alone of which a verdict begins or ends that shows, or may have shown, others than before.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "collector/evaluation/judged_group.h"
#include "collector/store/posture_store.h"

namespace assay::collector {

struct LifeCycleInput {
  EvaluationMark mark;  // of the evaluation that is being recorded
  // What it came to, but for groups that were in force as they are now.
  std::vector<SharedGroup> now;
  // The verdicts in force before on the same questions, and on those that are asked no more: as
  // they were judged, or as the store has them.
  std::vector<SharedGroup> before;
  std::vector<VerdictSet> standing;
  // The result under a key of the latter; nullptr when it is not known.
  std::function<checks::SharedResult(const evidence::Digest& key)> result;
  // The findings of these checks that were open before.
  std::function<Result<std::vector<Finding>>(const std::set<std::string>& check_ids)> open;
  // A finding that is not open, by id; nullopt when there never was one.
  std::function<Result<std::optional<Finding>>(const evidence::Digest&)> earlier;
};

// Of a host that was never judged: what appeared, all of it. The verdicts are the caller's.
[[nodiscard]] EvaluationChange first_change(const EvaluationMark& mark,
                                            std::span<const SharedGroup> groups);

// `begun`, `ended`, `findings` and `appeared`; the results to cache are the caller's.
[[nodiscard]] Result<EvaluationChange> next_change(const LifeCycleInput& input);

}  // namespace assay::collector
