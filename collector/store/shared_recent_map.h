// A RecentMap that threads share: it answers with copies. Safe from any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>

#include "collector/store/recent_map.h"

namespace assay::collector {

template <typename Key, typename Value>
class SharedRecentMap {
 public:
  // As many in each half.
  explicit SharedRecentMap(std::size_t each) : map_(each) {}

  // nullopt when it was never kept, or too long ago.
  [[nodiscard]] std::optional<Value> find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto* found = map_.find(key);
    return found == nullptr ? std::nullopt : std::optional<Value>(*found);
  }
  void keep(const Key& key, Value value) {
    const std::lock_guard lock(mutex_);
    map_.keep(key, std::move(value));
  }
  // Where there is one already, that stays. What is kept then.
  Value keep_first(const Key& key, Value value) {
    const std::lock_guard lock(mutex_);
    const auto* found = map_.find(key);
    return found == nullptr ? map_.keep(key, std::move(value)) : *found;
  }

 private:
  std::mutex mutex_;
  RecentMap<Key, Value> map_;
};

}  // namespace assay::collector
