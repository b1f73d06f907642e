#include "agent/network/sensor/flow/stream.h"

#include <algorithm>

namespace assay::agent::sensor {

void StreamHalf::start_at(std::uint32_t sequence, bool is_from_start) {
  if (has_begin_) return;
  begin_ = sequence;
  has_begin_ = true;
  is_from_start_ = is_from_start;
}

bool StreamHalf::add(std::uint32_t sequence, Bytes data) {
  if (is_full()) return false;  // the numbers may have gone round since
  start_at(sequence, false);
  // Sequence numbers go round; the distance tells what lies before the beginning.
  const auto distance = static_cast<std::int32_t>(sequence - begin_);
  if (distance < 0) {
    const auto before = static_cast<std::size_t>(-static_cast<std::int64_t>(distance));
    if (before >= data.size()) return false;
    data = data.subspan(before);
  }
  const auto begin = static_cast<std::size_t>(std::max(distance, 0));
  if (begin >= kHalfBytes || data.empty()) return false;
  const auto size = bytes().size();
  keep(begin, data.first(std::min(data.size(), kHalfBytes - begin)));
  return bytes().size() > size;
}

void StreamHalf::keep(std::size_t begin, Bytes data) {
  const auto end = begin + data.size();
  // Copies only what no range has, then makes one range of all that touch.
  auto at = begin;
  std::size_t first = range_count_;  // of the ranges that touch
  std::size_t last = range_count_;
  Range joined{static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end)};
  const auto copy_until = [&](std::size_t until) {
    if (at < until) std::copy_n(data.data() + (at - begin), until - at, bytes_.data() + at);
  };
  for (std::size_t each = 0; each < range_count_; ++each) {
    const auto range = ranges_[each];
    if (range.end < begin) continue;
    if (range.begin > end) {
      if (first == range_count_) first = last = each;
      break;
    }
    if (first == range_count_) first = each;
    last = each + 1;
    copy_until(range.begin);
    at = std::max<std::size_t>(at, range.end);
    joined.begin = std::min(joined.begin, range.begin);
    joined.end = std::max(joined.end, range.end);
  }
  if (first == range_count_) last = first;
  if (first == last && range_count_ == kMaxRanges) {
    is_lost_ = true;  // one hole too many
    return;
  }
  copy_until(end);
  auto* const ranges = ranges_.data();
  if (first == last)
    std::copy_backward(ranges + first, ranges + range_count_, ranges + range_count_ + 1);
  else
    std::copy(ranges + last, ranges + range_count_, ranges + first + 1);
  ranges[first] = joined;
  range_count_ = static_cast<std::uint32_t>(range_count_ + 1 - (last - first));
}

std::size_t StreamHalf::room_at(std::uint32_t sequence) const {
  if (!has_begin_) return kHalfBytes;
  const auto distance = static_cast<std::int64_t>(static_cast<std::int32_t>(sequence - begin_));
  return static_cast<std::size_t>(
      std::max<std::int64_t>(static_cast<std::int64_t>(kHalfBytes) - distance, 0));
}

void StreamHalf::drop(std::size_t count) {
  count = std::min(count, bytes().size());
  if (count == 0) return;
  const std::size_t end = ranges_[range_count_ - 1].end;
  std::copy(bytes_.data() + count, bytes_.data() + end, bytes_.data());
  begin_ += static_cast<std::uint32_t>(count);
  if (count == ranges_[0].end)
    std::copy(ranges_.data() + 1, ranges_.data() + range_count_--, ranges_.data());
  for (std::size_t each = 0; each < range_count_; ++each) {
    auto& range = ranges_[each];
    range.begin =
        static_cast<std::uint16_t>(range.begin - std::min<std::size_t>(count, range.begin));
    range.end = static_cast<std::uint16_t>(range.end - count);
  }
}

StreamPool::StreamPool(std::size_t capacity)
    : capacity_(std::max<std::size_t>(capacity, 1)),
      streams_(std::make_unique_for_overwrite<Stream[]>(capacity_)) {}

StreamPool::Taken StreamPool::take(std::uint32_t flow) {
  Taken taken{0, kNone};
  if (!free_.empty()) {
    taken.index = free_.back();
    free_.pop_back();
  } else if (used_ < capacity_) {
    taken.index = used_++;
  } else {
    taken = {oldest_, streams_[oldest_].flow};
    unlink(oldest_);
    ++evictions_;
  }
  auto& stream = streams_[taken.index];
  for (auto& half : stream.halves) half.reset();
  stream.candidates = {};
  stream.is_read_on = false;
  stream.offers_tls.reset();
  stream.flow = flow;
  link_newest(taken.index);
  return taken;
}

void StreamPool::use(std::uint32_t index) {
  if (newest_ == index) return;
  unlink(index);
  link_newest(index);
}

void StreamPool::release(std::uint32_t index) {
  unlink(index);
  free_.push_back(index);
}

void StreamPool::unlink(std::uint32_t index) {
  auto& stream = streams_[index];
  (stream.older == kNone ? oldest_ : streams_[stream.older].newer) = stream.newer;
  (stream.newer == kNone ? newest_ : streams_[stream.newer].older) = stream.older;
}

void StreamPool::link_newest(std::uint32_t index) {
  auto& stream = streams_[index];
  stream.older = newest_;
  stream.newer = kNone;
  (newest_ == kNone ? oldest_ : streams_[newest_].newer) = index;
  newest_ = index;
}

}  // namespace assay::agent::sensor
