#include "agent/courier/back_off.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::agent {
namespace {

TEST(BackOff, NeverAtOnceAndNeverLongerThanItsLimit) {
  BackOff back_off(1);
  auto limit = BackOff::kFirst;
  for (int i = 0; i < 100; ++i) {
    const auto delay = back_off.next();
    EXPECT_GE(delay, BackOff::kShortest);
    EXPECT_LE(delay, limit);
    limit = std::min(limit * 2, BackOff::kLongest);
  }
}

TEST(BackOff, AThousandAgentsDoNotComeBackTogether) {
  int early = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    BackOff back_off(seed);
    for (int i = 0; i < 12; ++i) (void)back_off.next();
    if (back_off.next() < BackOff::kLongest / 2) ++early;
  }
  EXPECT_GT(early, 400);
  EXPECT_LT(early, 600);
}

TEST(BackOff, WhoIsAskedToStayAwayDoesAndComesBackSpread) {
  constexpr BackOff::Milliseconds kAsked{60'000};
  int early = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const auto delay = BackOff(seed).next(kAsked);
    ASSERT_GE(delay, kAsked);
    ASSERT_LE(delay, 2 * kAsked);
    if (delay < kAsked * 3 / 2) ++early;
  }
  EXPECT_GT(early, 400);
  EXPECT_LT(early, 600);
}

TEST(BackOff, SuccessBeginsAnew) {
  BackOff back_off(1);
  for (int i = 0; i < 20; ++i) (void)back_off.next();
  back_off.reset();
  EXPECT_LE(back_off.next(), BackOff::kFirst);
}

}  // namespace
}  // namespace assay::agent
