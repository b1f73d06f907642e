#include "agent/network/tls/connection/time_budget.h"

#include <gtest/gtest.h>

namespace assay::agent::tls {
namespace {

using std::chrono::seconds;

const TimeBudget::Time kBegin = TimeBudget::Time{} + std::chrono::hours(1);

TEST(TlsTimeBudget, StandsStillWhileItIsHeld) {
  TimeBudget budget(kBegin + seconds(25), TimeBudget::Time::max());
  EXPECT_EQ(budget.end(), kBegin + seconds(25));
  budget.hold(kBegin + seconds(5));
  budget.hold(kBegin + seconds(7));  // is held already
  EXPECT_TRUE(budget.is_held());
  EXPECT_EQ(budget.end(), TimeBudget::Time::max());
  budget.go_on(kBegin + seconds(65));
  budget.go_on(kBegin + seconds(70));  // goes on already
  EXPECT_FALSE(budget.is_held());
  EXPECT_EQ(budget.end(), kBegin + seconds(85));
}

TEST(TlsTimeBudget, NeverGoesPastTheLatest) {
  EXPECT_EQ(TimeBudget(kBegin + seconds(25), kBegin + seconds(9)).end(), kBegin + seconds(9));
  TimeBudget budget(kBegin + seconds(25), kBegin + seconds(30));
  budget.hold(kBegin);
  EXPECT_EQ(budget.end(), kBegin + seconds(30));
  budget.go_on(kBegin + seconds(20));
  EXPECT_EQ(budget.end(), kBegin + seconds(30));
}

}  // namespace
}  // namespace assay::agent::tls
