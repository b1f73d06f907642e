#include "agent/scan/network/neighbour_source.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

constexpr std::int64_t kSaturdayNoon = 1'795'867'200;  // 2026-11-28 12:00 UTC

sweep::SweepSettings settings_of(const char* neighbours, const char* ports) {
  sweep::SweepSettings made;
  made.neighbours = sweep::addresses_from(neighbours).value();
  made.neighbour_ports = sweep::ports_from(ports).value();
  return made;
}

TEST(NeighbourSourceTest, IsOfTheConfiguredNeighboursAndPorts) {
  auto settings = settings_of("192.0.2.7,192.0.2.8", "22,443");
  settings.exclude = sweep::addresses_from("192.0.2.8").value();
  const auto plan = neighbour_plan(settings, kSaturdayNoon);
  ASSERT_TRUE(plan) << plan.error().message();
  ASSERT_EQ(plan->parts.size(), 1U);
  EXPECT_EQ(plan->parts[0].role, sweep::Role::kNeighbour);
  EXPECT_EQ(to_text(plan->parts[0].targets.ranges()[0]), "192.0.2.7");
  EXPECT_EQ(to_text(plan->parts[0].ports), "22,443");
}

TEST(NeighbourSourceTest, OneThatWouldHoldAScanUpIsNotBegun) {
  auto settings = settings_of("192.0.2.1-50", "1-2000");  // 50 * 2000 * 3 / 500 = 600 s
  EXPECT_TRUE(neighbour_plan(settings, kSaturdayNoon));
  settings.packets_per_second = 499;
  EXPECT_EQ(neighbour_plan(settings, kSaturdayNoon).error().code(), Code::kTooLarge);
}

TEST(NeighbourSourceTest, OutsideTheWindowItIsNotNow) {
  auto settings = settings_of("192.0.2.7", "22");
  settings.windows = {sensor::working_hours_from("Sun 00:00-24:00 +00:00").value()};
  EXPECT_EQ(neighbour_plan(settings, kSaturdayNoon).error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace assay::agent
