#include "agent/network/sweep/plan/sweep_plan.h"

#include <gtest/gtest.h>

namespace assay::agent::sweep {
namespace {

TEST(SweepPlanTest, IsReadAsItIsWritten) {
  SweepPlan plan;
  plan.packets_per_second = 42;
  plan.method = WantedMethod::kConnect;
  plan.until = 1'795'903'200;
  plan.exclude = addresses_from("192.0.2.9,2001:db8::/120").value();
  plan.parts = {
      {Role::kOwn, addresses_from("127.0.0.1,::1").value(), ports_from("-,U:53").value()},
      {Role::kNeighbour, addresses_from("192.0.2.1-8").value(), ports_from("22,80").value()}};
  const auto read = plan_from(to_text(plan));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, plan);
}

TEST(SweepPlanTest, ExclusionsAreTakenOffOnceMore) {
  const auto plan =
      plan_from("exclude 192.0.2.4\nscanner ports 22\nscanner target 192.0.2.0/29\n").value();
  EXPECT_FALSE(plan.parts[0].targets.has(sensor::address_from("192.0.2.4").value()));
  EXPECT_EQ(plan.parts[0].targets.count(100), 7U);
}

TEST(SweepPlanTest, NothingElseIsAPlan) {
  for (const auto* text : {"\n",
                           "x",
                           "rate",
                           "rate -1",
                           "rate 100001",
                           "rate 1x",
                           "until",
                           "until 0",
                           "until x",
                           "method",
                           "method fast",
                           "exclude x",
                           "own",
                           "own ports",
                           "own ports x",
                           "own target x",
                           "own targets 127.0.0.1",
                           "stranger target 127.0.0.1",
                           "scanner ports 22\nscanner target 10.0.0.0/8",
                           "scanner ports -\nscanner target 10.0.0.0/24",
                           "scanner ports 22\nscanner target 2001:db8::/64"})
    EXPECT_EQ(plan_from(text).error().code(), Code::kInvalidData) << text;
}

}  // namespace
}  // namespace assay::agent::sweep
