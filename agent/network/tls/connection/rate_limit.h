// A token bucket: so many at once, so many per second afterwards. Not for two threads at once.
#pragma once

#include <algorithm>
#include <chrono>

namespace assay::agent::tls {

class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `per_second` above 0, `burst` at least 1.
  RateLimit(double per_second, double burst)
      : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // Takes one, if there is one.
  [[nodiscard]] bool take(Time now) {
    fill(now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  // When there will be one.
  [[nodiscard]] Time next(Time now) {
    fill(now);
    if (tokens_ >= 1) return now;
    const std::chrono::duration<double> missing((1 - tokens_) / per_second_);
    return now + std::chrono::ceil<std::chrono::milliseconds>(missing);
  }

 private:
  void fill(Time now) {
    if (last_ != Time{} && now > last_)
      tokens_ = std::min(
          burst_, tokens_ + per_second_ * std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }

  double per_second_;
  double burst_;
  double tokens_;
  Time last_{};
};

}  // namespace assay::agent::tls
