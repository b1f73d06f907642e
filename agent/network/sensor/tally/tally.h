// Counts by key, of a bounded number of keys.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <unordered_map>

#include "agent/network/sensor/flow/flow.h"

namespace assay::agent::sensor {

[[nodiscard]] inline std::uint64_t hash_words(std::uint64_t seed,
                                              std::initializer_list<std::uint64_t> words) {
  for (const auto word : words) seed = mix(seed ^ word);
  return seed;
}

// Key has `std::uint64_t hash(std::uint64_t seed) const` and ==.
template <typename Key, typename Value>
class Tally {
 public:
  Tally(std::size_t limit, std::uint64_t seed) : limit_(limit), map_(0, Hash{seed}) {}

  // nullptr when the key is new and there is no room for it; refused() counts these.
  [[nodiscard]] Value* find_or_add(const Key& key) {
    if (const auto found = map_.find(key); found != map_.end()) return &found->second;
    if (map_.size() >= limit_) {
      ++refused_;
      return nullptr;
    }
    return &map_[key];
  }
  // nullptr when it is not there.
  [[nodiscard]] Value* find(const Key& key) {
    const auto found = map_.find(key);
    return found == map_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const auto& all() const { return map_; }
  [[nodiscard]] std::size_t limit() const { return limit_; }
  [[nodiscard]] std::size_t size() const { return map_.size(); }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Hash {
    std::uint64_t seed;
    std::size_t operator()(const Key& key) const { return key.hash(seed); }
  };
  std::size_t limit_;
  std::uint64_t refused_ = 0;
  std::unordered_map<Key, Value, Hash> map_;
};

// First and last time that something was seen, in seconds since 1970; 0: not known.
struct Seen {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  void add(std::uint32_t from, std::uint32_t until) {
    if (from != 0 && (first == 0 || from < first)) first = from;
    if (until > last) last = until;
  }
};

// The tags of a frame, and the protocol, in one word.
[[nodiscard]] inline std::uint64_t tag_word(std::uint16_t vlan, std::uint16_t inner,
                                            std::uint8_t protocol) {
  return std::uint64_t{vlan} << 32U | std::uint64_t{inner} << 16U | protocol;
}

}  // namespace assay::agent::sensor
