// Verdicts of a family as they begin on hosts that were never judged, made once for all of which
// the same groups are true.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/evaluation/judged_group.h"
#include "collector/store/posture_groups.h"

namespace assay::collector {

struct BegunFamily {
  std::vector<SharedGroup> of;  // whose verdicts on the family these are
  SharedVerdictGroup verdicts;  // their results are stored
};
using SharedFamily = std::shared_ptr<const BegunFamily>;

// By the family and where the groups are.
[[nodiscard]] std::string family_key(std::string_view family,
                                     const std::vector<SharedGroup>& groups);

}  // namespace assay::collector
