// When the next scan starts. A pure object: it is told the time, and tells a time.
//
// Times are since boot, sleep included (CLOCK_BOOTTIME): a clock that is set changes nothing, and a
// notebook that was shut is scanned when it wakes up.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace assay::agent {

using BootTime = std::chrono::milliseconds;

struct ScanTiming {
  std::chrono::seconds interval{3600};
  std::chrono::seconds splay{300};  // a scheduled scan is at random up to this much later
  bool operator==(const ScanTiming&) const = default;
};

class ScanClock {
 public:
  // However often a collector asks.
  static constexpr std::chrono::seconds kMinDistance{60};
  // After a scan that could not be kept, there may soon be room.
  static constexpr std::chrono::seconds kRetry{600};

  // `since_last`: how long ago the last scan was, if there was one before this process began.
  // The first scan of a machine is at once.
  ScanClock(ScanTiming timing, BootTime now, std::optional<std::chrono::seconds> since_last,
            std::uint64_t seed);

  [[nodiscard]] BootTime next() const { return next_; }

  void started(BootTime now);
  void succeeded(BootTime now);
  void failed(BootTime now);
  // Somebody asks for a scan now.
  void ask(BootTime now);
  void change(ScanTiming timing, BootTime now);

 private:
  [[nodiscard]] std::chrono::milliseconds splay();

  ScanTiming timing_;
  std::mt19937_64 random_;
  std::optional<BootTime> last_start_;
  BootTime next_{0};
};

}  // namespace assay::agent
