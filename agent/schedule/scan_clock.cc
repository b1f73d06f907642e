#include "agent/schedule/scan_clock.h"

#include <algorithm>

namespace assay::agent {

ScanClock::ScanClock(ScanTiming timing, BootTime now,
                     std::optional<std::chrono::seconds> since_last, std::uint64_t seed)
    : timing_(timing), random_(seed), next_(now) {
  if (!since_last) return;
  // A last scan in the future: the clock was set back. Then it counts as long ago.
  const bool is_recent = *since_last >= std::chrono::seconds(0) && *since_last < timing_.interval;
  next_ += (is_recent ? timing_.interval - *since_last : std::chrono::seconds(0)) + splay();
}

std::chrono::milliseconds ScanClock::splay() {
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(timing_.splay).count();
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(most, 0))(random_));
}

void ScanClock::started(BootTime now) {
  last_start_ = now;
}

void ScanClock::succeeded(BootTime now) {
  next_ = now + timing_.interval + splay();
}

void ScanClock::failed(BootTime now) {
  next_ = now + std::min(timing_.interval, kRetry);
}

void ScanClock::ask(BootTime now) {
  const auto earliest = last_start_ ? std::max(now, *last_start_ + kMinDistance) : now;
  next_ = std::min(next_, earliest);
}

void ScanClock::change(ScanTiming timing, BootTime now) {
  if (timing == timing_) return;
  timing_ = timing;
  next_ = std::min(next_, now + timing_.interval + splay());
  if (last_start_) next_ = std::max(now, *last_start_ + timing_.interval + splay());
}

}  // namespace assay::agent
