// Verdicts of a family as they begin on hosts that were never judged, made once for all of which
// the same groups are true. Safe from any thread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "collector/evaluation/judged_group.h"
#include "collector/store/posture_groups.h"
#include "collector/store/recent_map.h"

namespace assay::collector {

class Families {
 public:
  struct Known {
    std::vector<SharedGroup> of;  // whose verdicts on the family these are
    SharedVerdictGroup verdicts;  // their results are stored
  };
  // By the family and where the groups are, as long as it holds them.
  [[nodiscard]] static std::string key_of(std::string_view family,
                                          const std::vector<SharedGroup>& groups);
  [[nodiscard]] SharedVerdictGroup find(const std::string& key);
  void remember(const std::string& key, Known known);

 private:
  static constexpr std::size_t kMaxEach = 10'000;
  std::mutex mutex_;
  RecentMap<std::string, Known> known_{kMaxEach};
};

}  // namespace assay::collector
