#include "collector/evaluation/families.h"

#include <utility>

namespace assay::collector {

std::string Families::key_of(std::string_view family, const std::vector<SharedGroup>& groups) {
  std::string key(family);
  for (const auto& group : groups) {
    const auto* place = group.get();
    key.append(reinterpret_cast<const char*>(&place), sizeof place);
  }
  return key;
}

SharedVerdictGroup Families::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto* found = known_.find(key);
  return found == nullptr ? nullptr : found->verdicts;
}

void Families::remember(const std::string& key, Known known) {
  const std::lock_guard lock(mutex_);
  known_.keep(key, std::move(known));
}

}  // namespace assay::collector
