#include "checks/engine/result_memory.h"

namespace assay::checks {

SharedResult ResultMemory::find(const evidence::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(key);
  if (known == entries_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, known->second.place);
  return known->second.result;
}

SharedResult ResultMemory::store(const evidence::Digest& key, SharedResult result) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = entries_.try_emplace(key);
  entry->second.result = result;
  if (!is_new) return result;
  by_use_.push_front(key);
  entry->second.place = by_use_.begin();
  if (entries_.size() > most_) {
    entries_.erase(by_use_.back());
    by_use_.pop_back();
  }
  return result;
}

std::size_t ResultMemory::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace assay::checks
