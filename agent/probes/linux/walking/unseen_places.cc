#include "agent/probes/linux/walking/unseen_places.h"

namespace assay::agent {

std::vector<UnseenPlace> unseen_places(const WalkSummary& walk) {
  std::vector<UnseenPlace> places;
  const std::string note = std::string(kNotLookedAt) + "folders below lie deeper than " +
                           std::to_string(kMaxWalkDepth) + " levels";
  for (const auto& path : walk.too_deep) places.push_back({path, note});
  if (walk.has_more_too_deep)
    places.push_back({"/", std::string(kNotLookedAt) + "more than " +
                               std::to_string(kMaxDeepPlaces) +
                               " places have folders that lie deeper than " +
                               std::to_string(kMaxWalkDepth) + " levels"});
  return places;
}

}  // namespace assay::agent
