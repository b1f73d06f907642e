#include "agent/network/sweep/engine/pacer.h"

#include <gtest/gtest.h>

namespace assay::agent::sweep {
namespace {

using std::chrono::milliseconds;

TEST(PacerTest, KeepsTheRateOverASecond) {
  auto now = Pacer::Clock::now();
  Pacer pacer(500, now);
  EXPECT_EQ(pacer.take(100, now), 0U);
  std::uint32_t all = 0;
  for (int at = 0; at < 1000; ++at) all += pacer.take(100, now += milliseconds(1));
  EXPECT_NEAR(all, 500, 1);
}

TEST(PacerTest, SavesNoMoreThanATenthOfASecond) {
  auto now = Pacer::Clock::now();
  Pacer pacer(500, now);
  EXPECT_EQ(pacer.take(1000, now + std::chrono::hours(1)), 50U);
}

TEST(PacerTest, OnePacketASecondLeavesEverySecond) {
  auto now = Pacer::Clock::now();
  Pacer pacer(1, now);
  EXPECT_EQ(pacer.take(1, now += milliseconds(500)), 0U);
  EXPECT_GE(pacer.wait(), milliseconds(500));
  EXPECT_EQ(pacer.take(1, now += milliseconds(501)), 1U);
  EXPECT_EQ(pacer.take(1, now), 0U);
}

TEST(PacerTest, WithoutALimitEverythingIsGranted) {
  Pacer pacer(0);
  EXPECT_EQ(pacer.take(1'000'000), 1'000'000U);
  EXPECT_EQ(pacer.wait(), milliseconds(0));
}

}  // namespace
}  // namespace assay::agent::sweep
