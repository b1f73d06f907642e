#include "agent/network/tls/connection/rate_limit.h"

#include <gtest/gtest.h>

namespace assay::agent::tls {
namespace {

using std::chrono::milliseconds;

const RateLimit::Time kBegin = RateLimit::Time{} + std::chrono::hours(1);

TEST(TlsRateLimit, LetsABurstThroughAndThenOneAtATime) {
  RateLimit limit(50, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take(kBegin));
  EXPECT_FALSE(limit.take(kBegin));
  EXPECT_EQ(limit.next(kBegin), kBegin + milliseconds(20));
  EXPECT_FALSE(limit.take(kBegin + milliseconds(19)));
  EXPECT_TRUE(limit.take(kBegin + milliseconds(20)));
  EXPECT_FALSE(limit.take(kBegin + milliseconds(20)));
}

TEST(TlsRateLimit, IsNeverMoreThanABurstHoweverLongItRests) {
  RateLimit limit(50, 2);
  EXPECT_TRUE(limit.take(kBegin));
  int taken = 0;
  while (limit.take(kBegin + std::chrono::hours(10))) ++taken;
  EXPECT_EQ(taken, 2);
}

TEST(TlsRateLimit, OverASecondLetsThroughTheRate) {
  RateLimit limit(50, 1);
  int taken = 0;
  for (int i = 0; i < 1000; ++i) taken += limit.take(kBegin + milliseconds(i)) ? 1 : 0;
  EXPECT_EQ(taken, 50);
}

}  // namespace
}  // namespace assay::agent::tls
