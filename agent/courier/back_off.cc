#include "agent/courier/back_off.h"

#include <algorithm>

namespace assay::agent {

BackOff::Milliseconds BackOff::next(Milliseconds at_least) {
  constexpr int kDoublings = 16;
  const auto limit =
      std::max(at_least, std::min(kFirst * (std::int64_t{1} << failures_), kLongest));
  failures_ = std::min(failures_ + 1, kDoublings);
  std::uniform_int_distribution<std::int64_t> dice(kShortest.count(), limit.count());
  return at_least + Milliseconds(dice(random_));
}

}  // namespace assay::agent
