// All flows under way, in memory of a fixed size. A flow has eight places where it may stand; when
// all are taken, one that nobody answered leaves, else the one that was silent for longest: it is
// handed to `leaves` as if it had ended, so that its packets stay counted, and evictions() goes up.
//
// Not for several threads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

#include "agent/network/sensor/flow/flow.h"

namespace assay::agent::sensor {

class FlowTable {
 public:
  using Leaves = std::function<void(Flow&)>;

  // `capacity` is rounded up to a power of two, at least 8. `seed`: see hash_of().
  FlowTable(std::size_t capacity, std::uint64_t seed, Leaves leaves);

  struct Found {
    Flow* flow;
    bool is_new;
  };
  // The pointer is valid until the next call. `now` decides who was silent for longest.
  [[nodiscard]] Found find_or_add(const FlowKey& key, std::uint32_t now);

  // Hands all flows to `leaves` and is empty after.
  void clear();

  [[nodiscard]] Flow& at(std::uint32_t index) { return flows_[index]; }
  [[nodiscard]] std::uint32_t index_of(const Flow& flow) const {
    return static_cast<std::uint32_t>(&flow - flows_.get());
  }
  [[nodiscard]] std::uint64_t evictions() const { return evictions_; }
  [[nodiscard]] std::size_t capacity() const { return (group_mask_ + 1) * kWays; }

 private:
  static constexpr std::size_t kWays = 8;
  // 0: a free place.
  using Tags = std::array<std::uint32_t, kWays>;

  std::uint64_t seed_;
  std::size_t group_mask_;
  std::unique_ptr<Tags[]> tags_;
  std::unique_ptr<Flow[]> flows_;
  Leaves leaves_;
  std::uint64_t evictions_ = 0;
};

}  // namespace assay::agent::sensor
