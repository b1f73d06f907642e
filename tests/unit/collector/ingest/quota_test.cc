#include "collector/ingest/quota.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

evidence::Seconds at(std::int64_t second) {
  return evidence::Seconds(std::chrono::seconds(second));
}
constexpr std::int64_t kDay = 86'400;

TEST(Quotas, AHostMaySendSoManySnapshotsAMinuteAndIsToldWhenToComeAgain) {
  Quotas quotas({2, 1000});
  EXPECT_FALSE(quotas.offer("a", at(120)));
  EXPECT_FALSE(quotas.offer("a", at(130)));
  const auto excess = quotas.offer("a", at(150));
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->again_in, std::chrono::seconds(30));
  EXPECT_EQ(excess->what, "over the quota of 2 snapshots a minute for one host");
  EXPECT_FALSE(quotas.offer("a", at(180))) << "the next minute";
}

TEST(Quotas, OtherLimitsCountWhatWasCountedBefore) {
  Quotas quotas({1, 1000});
  EXPECT_FALSE(quotas.offer("a", at(0)));
  EXPECT_TRUE(quotas.offer("a", at(1)));
  quotas.set_limits({2, 1000});
  EXPECT_FALSE(quotas.offer("a", at(2)));
  EXPECT_TRUE(quotas.offer("a", at(3)));
}

TEST(Quotas, OneHostsExcessIsNotAnothers) {
  Quotas quotas({1, 1000});
  EXPECT_FALSE(quotas.offer("a", at(0)));
  EXPECT_TRUE(quotas.offer("a", at(1)));
  EXPECT_FALSE(quotas.offer("b", at(1)));
}

TEST(Quotas, BytesCountByTheDayAndAreTakenUpToTheLimitItself) {
  Quotas quotas({10, 1000});
  EXPECT_FALSE(quotas.receive("a", 600, at(10)));
  EXPECT_TRUE(quotas.receive("a", 401, at(20)));
  EXPECT_FALSE(quotas.receive("a", 400, at(30)));
  const auto excess = quotas.receive("a", 1, at(kDay - 40));
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->again_in, std::chrono::seconds(40));
  EXPECT_FALSE(quotas.receive("a", 1000, at(kDay)));
}

TEST(Quotas, IsToldOnceForEachMinuteSoThatAFloodWritesNoFloodOfEvents) {
  Quotas quotas({1, 1000});
  EXPECT_FALSE(quotas.offer("a", at(0)));
  EXPECT_TRUE(quotas.offer("a", at(1))->is_first);
  EXPECT_FALSE(quotas.offer("a", at(2))->is_first);
  EXPECT_FALSE(quotas.offer("a", at(60)));
  EXPECT_TRUE(quotas.offer("a", at(61))->is_first);
}

TEST(Quotas, AClockSetBackLocksNobodyOut) {
  Quotas quotas({1, 1000});
  EXPECT_FALSE(quotas.offer("a", at(400 * kDay)));
  EXPECT_FALSE(quotas.offer("a", at(35 * kDay)));
  EXPECT_LE(quotas.offer("a", at(35 * kDay))->again_in, std::chrono::seconds(60));
}

}  // namespace
}  // namespace assay::collector
