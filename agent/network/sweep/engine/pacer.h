// How many packets may leave now: a steady rate without bursts larger than a tenth of a second of
// it. For one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace assay::agent::sweep {

class Pacer {
 public:
  using Clock = std::chrono::steady_clock;

  // 0: no limit.
  explicit Pacer(std::uint32_t per_second, Clock::time_point now = Clock::now())
      : per_second_(per_second), last_(now) {}

  // Up to `wanted`; what is granted counts as sent.
  [[nodiscard]] std::uint32_t take(std::uint32_t wanted, Clock::time_point now = Clock::now()) {
    if (per_second_ == 0) return wanted;
    const auto most = std::max(1.0, per_second_ / 10.0);
    saved_ =
        std::min(most, saved_ + std::chrono::duration<double>(now - last_).count() * per_second_);
    last_ = now;
    const auto granted = std::min(wanted, static_cast<std::uint32_t>(saved_));
    saved_ -= granted;
    return granted;
  }

  // Until one more may leave.
  [[nodiscard]] std::chrono::milliseconds wait() const {
    if (per_second_ == 0 || saved_ >= 1) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(1 + static_cast<int>((1 - saved_) * 1000 / per_second_));
  }

 private:
  std::uint32_t per_second_;
  double saved_ = 0;
  Clock::time_point last_;
};

}  // namespace assay::agent::sweep
