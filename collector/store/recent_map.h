// A map of bounded size that keeps what is asked for: it has two halves, and when the newer one is
// full the older one is dropped. Used under its owner's lock.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace assay::collector {

template <typename Key, typename Value>
class RecentMap {
 public:
  // As many in each half.
  explicit RecentMap(std::size_t each) : each_(each) {}

  // nullptr when it was never kept, or too long ago. Until the next call.
  [[nodiscard]] const Value* find(const Key& key) {
    if (const auto found = newer_.find(key); found != newer_.end()) return &found->second;
    auto found = older_.extract(key);
    if (found.empty()) return nullptr;
    return &keep(key, std::move(found.mapped()));
  }
  const Value& keep(const Key& key, Value value) {
    if (newer_.size() >= each_) older_ = std::exchange(newer_, {});
    return newer_.insert_or_assign(key, std::move(value)).first->second;
  }
  void drop(const Key& key) {
    newer_.erase(key);
    older_.erase(key);
  }
  void clear() {
    newer_.clear();
    older_.clear();
  }

 private:
  const std::size_t each_;
  std::unordered_map<Key, Value> newer_;
  std::unordered_map<Key, Value> older_;
};

}  // namespace assay::collector
