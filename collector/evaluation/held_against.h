// What the store says of a host, held against what its evidence comes to.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collector/evaluation/judged_group.h"
#include "collector/store/posture_store.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::collector {

// What the store says that the evidence does not: of what, and how one knows.
struct Difference {
  Text subject;
  Text detail;
};

// A host's questions answered from its evidence alone.
struct FreshJudgement {
  std::vector<SharedGroup> groups;
  evidence::Digest input;         // as EvaluationMark::input
  std::optional<std::string> os;  // as Host::os; nullopt: it does not say
  std::set<std::string> unsure;   // checks that could not be worked out this time: not compared
};

// The result under a key as the store has it; nullptr when it has none.
using StoredResult = std::function<Result<checks::SharedResult>(const evidence::Digest& key)>;

// The verdicts in force and their results; of nothing that was judged, that there are none.
[[nodiscard]] Status hold_verdicts_against(PostureStore& store, const std::string& host_id,
                                           const FreshJudgement& fresh, const StoredResult& stored,
                                           std::vector<Difference>* differences);
// The findings: those that are open, and of all that each stands under its own id.
[[nodiscard]] Status hold_findings_against(PostureStore& store, const std::string& host_id,
                                           const FreshJudgement& fresh,
                                           std::vector<Difference>* differences);

}  // namespace assay::collector
