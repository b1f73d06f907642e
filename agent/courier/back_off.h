// When to try again: exponentially later, at a random moment before that (full
// jitter), so that a thousand agents do not come back in the same second.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace assay::agent {

class BackOff {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kFirst{1'000};
  static constexpr Milliseconds kLongest{300'000};
  // Never at once, whatever the dice say.
  static constexpr Milliseconds kShortest{100};

  explicit BackOff(std::uint64_t seed) : random_(seed) {}

  // `at_least`: what the other side asked for. The random moment is then counted from there, and
  // lies as far behind it as that was long, so that all who were told the same do not come at once.
  [[nodiscard]] Milliseconds next(Milliseconds at_least = Milliseconds(0));
  void reset() { failures_ = 0; }

 private:
  std::mt19937_64 random_;
  int failures_ = 0;
};

}  // namespace assay::agent
