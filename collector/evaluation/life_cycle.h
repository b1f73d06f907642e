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
// checks alone of which a verdict begins or ends that may have shown some, or shows some.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/engine/evaluation.h"
#include "collector/store/posture_store.h"

namespace assay::collector {

// What a verdict is called in the store. Never changes; any thread.
struct QuestionName {
  std::string parameters;               // JSON
  std::vector<std::string> frameworks;  // sorted
};
using QuestionNames = std::unordered_map<const checks::Question*, QuestionName>;
[[nodiscard]] QuestionName name_of(const checks::Question& question);

struct LifeCycleInput {
  EvaluationMark mark;  // of the evaluation that is being recorded
  const checks::EvaluationOutcome* outcome = nullptr;
  std::vector<VerdictSet> standing;  // the verdicts in force before
  // What verdicts on these questions are called; may be nullptr, and lack some.
  const QuestionNames* names = nullptr;
  // The result under a key of those; nullptr when it is not known.
  std::function<checks::SharedResult(const evidence::Digest& key)> result;
  // The findings of these checks that were open before.
  std::function<Result<std::vector<Finding>>(const std::set<std::string>& check_ids)> open;
  // A finding that is not open, by id; nullopt when there never was one.
  std::function<Result<std::optional<Finding>>(const evidence::Digest&)> earlier;
};

// `begun`, `ended`, `findings` and `appeared`; the results to cache are the caller's.
[[nodiscard]] Result<EvaluationChange> next_change(const LifeCycleInput& input);

// The id of the finding that `row` of `check` is on a host, and the JSON of its key columns.
struct FindingKey {
  evidence::Digest id;
  std::string json;
};
[[nodiscard]] FindingKey finding_key(std::string_view host_id, const checks::Check& check,
                                     const checks::ResultRow& row);

// One JSON object; bytes that are not UTF-8 as evidence/canonical.h writes them.
[[nodiscard]] std::string row_json(const checks::ResultRow& row);
[[nodiscard]] std::string parameters_json(const std::map<std::string, evidence::Value>& values);

}  // namespace assay::collector
