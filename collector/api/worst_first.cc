#include "collector/api/worst_first.h"

namespace assay::collector::api {

void WorstFirst::add(const FindingChange& change) {
  const auto& finding = change.finding;
  const auto* check = content_.check(finding.check_id);
  const auto severity = check == nullptr ? finding.severity : check->severity;
  Key key{-static_cast<int>(severity), finding.check_id, finding.host_id, finding.id};
  if (kept_.size() == most_) {
    if (most_ == 0 || kept_.rbegin()->first < key) return;
    kept_.erase(std::prev(kept_.end()));
  }
  kept_.emplace(std::move(key), change);
}

std::vector<FindingChange> WorstFirst::take() {
  std::vector<FindingChange> all;
  for (auto& [key, change] : kept_) all.push_back(std::move(change));
  kept_.clear();
  return all;
}

}  // namespace assay::collector::api
