#include "agent/network/sensor/flow/flow_table.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace assay::agent::sensor {
namespace {

// A flood consists of flows that nobody answers: they make room for each other first.
bool leaves_before(const Flow& a, const Flow& b) {
  if (a.is_answered != b.is_answered) return b.is_answered;
  return a.last < b.last;
}

}  // namespace

FlowTable::FlowTable(std::size_t capacity, std::uint64_t seed, Leaves leaves)
    : seed_(seed),
      group_mask_(std::bit_ceil(std::max(capacity, kWays)) / kWays - 1),
      tags_(std::make_unique<Tags[]>(group_mask_ + 1)),
      flows_(std::make_unique<Flow[]>((group_mask_ + 1) * kWays)),
      leaves_(std::move(leaves)) {}

FlowTable::Found FlowTable::find_or_add(const FlowKey& key, std::uint32_t now) {
  const auto hash = hash_of(key, seed_);
  const auto group = static_cast<std::size_t>(hash) & group_mask_;
  const auto tag = static_cast<std::uint32_t>(hash >> 32U) | 1U;
  auto& tags = tags_[group];
  Flow* const flows = &flows_[group * kWays];
  std::size_t place = kWays;
  for (std::size_t way = 0; way < kWays; ++way) {
    if (tags[way] == tag && flows[way].key == key) return {&flows[way], false};
    if (tags[way] == 0 && place == kWays) place = way;
  }
  if (place == kWays) {
    place = static_cast<std::size_t>(std::min_element(flows, flows + kWays, leaves_before) - flows);
    ++evictions_;
    leaves_(flows[place]);
  }
  tags[place] = tag;
  flows[place] = Flow{};
  flows[place].key = key;
  flows[place].first = flows[place].last = now;
  return {&flows[place], true};
}

void FlowTable::clear() {
  for (std::size_t group = 0; group <= group_mask_; ++group)
    for (std::size_t way = 0; way < kWays; ++way)
      if (std::exchange(tags_[group][way], 0U) != 0) leaves_(flows_[group * kWays + way]);
}

}  // namespace assay::agent::sensor
