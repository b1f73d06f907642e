// A set of numbers as sorted ranges that do not touch: ports, addresses.
// A plain value. Its operations are linear in the number of ranges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace assay::agent {

// `Number` has ++, -- (in prefix form), comparison, and is given its largest value by
// the caller wherever "all" is meant.
template <typename Number>
class IntervalSet {
 public:
  struct Range {
    Number first;
    Number last;
    bool operator==(const Range&) const = default;
  };

  IntervalSet() = default;
  IntervalSet(Number first, Number last) {
    if (!(last < first)) ranges_.push_back({first, last});
  }

  [[nodiscard]] bool is_empty() const { return ranges_.empty(); }
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
  [[nodiscard]] bool contains(Number number) const {
    return std::ranges::any_of(ranges_, [&](const Range& range) {
      return !(number < range.first) && !(range.last < number);
    });
  }
  [[nodiscard]] bool covers(const IntervalSet& other) const {
    return other.minus(*this).is_empty();
  }

  [[nodiscard]] IntervalSet plus(const IntervalSet& other) const {
    auto all = ranges_;
    all.insert(all.end(), other.ranges_.begin(), other.ranges_.end());
    return of(std::move(all));
  }
  // The union of ranges in any order. Those whose end is before their start are left out.
  [[nodiscard]] static IntervalSet of(std::vector<Range> all) {
    std::erase_if(all, [](const Range& range) { return range.last < range.first; });
    std::ranges::sort(all, {}, &Range::first);
    IntervalSet result;
    for (const auto& range : all) result.append(range);
    return result;
  }
  [[nodiscard]] IntervalSet within(const IntervalSet& other) const {
    IntervalSet result;
    auto a = ranges_.begin();
    auto b = other.ranges_.begin();
    while (a != ranges_.end() && b != other.ranges_.end()) {
      const auto first = std::max(a->first, b->first);
      const auto last = std::min(a->last, b->last);
      if (!(last < first)) result.ranges_.push_back({first, last});
      if (a->last < b->last)
        ++a;
      else
        ++b;
    }
    return result;
  }
  [[nodiscard]] IntervalSet minus(const IntervalSet& other) const {
    IntervalSet result;
    for (auto range : ranges_) {
      bool is_gone = false;
      for (const auto& cut : other.ranges_) {
        if (cut.last < range.first || range.last < cut.first) continue;
        if (range.first < cut.first) {
          auto before = cut.first;
          result.ranges_.push_back({range.first, --before});
        }
        is_gone = !(cut.last < range.last);
        if (is_gone) break;
        range.first = cut.last;
        ++range.first;
      }
      if (!is_gone) result.ranges_.push_back(range);
    }
    return result;
  }

  bool operator==(const IntervalSet&) const = default;

 private:
  void append(const Range& range) {
    if (!ranges_.empty()) {
      auto& back = ranges_.back();
      auto next = back.last;
      ++next;
      // `next` wraps around behind the largest number: then nothing can follow anyway.
      if (!(back.last < range.first) || next == range.first) {
        back.last = std::max(back.last, range.last);
        return;
      }
    }
    ranges_.push_back(range);
  }

  std::vector<Range> ranges_;
};

}  // namespace assay::agent
