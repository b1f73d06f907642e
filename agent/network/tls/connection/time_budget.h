// The time that something may take, without that in which it is held up by others.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace assay::agent::tls {

class TimeBudget {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `latest`: past which it does not go, however long it was held up.
  TimeBudget(Time end, Time latest) : end_(std::min(end, latest)), latest_(latest) {}

  // From now on it may not go on; until go_on(). Each may be said again.
  void hold(Time now) {
    if (!held_since_) held_since_ = now;
  }
  void go_on(Time now) {
    if (!held_since_) return;
    end_ = latest_ - end_ < now - *held_since_ ? latest_ : end_ + (now - *held_since_);
    held_since_.reset();
  }
  [[nodiscard]] bool is_held() const { return held_since_.has_value(); }
  // When it must be over, as far as is known.
  [[nodiscard]] Time end() const { return held_since_ ? latest_ : end_; }

 private:
  Time end_;
  Time latest_;
  std::optional<Time> held_since_;
};

}  // namespace assay::agent::tls
