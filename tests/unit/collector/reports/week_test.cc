// Weeks of ISO 8601: the examples are those where its years and the calendar's differ.
#include "collector/reports/week.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

std::string week_of(const std::string& day) {
  return week_at(evidence::from_timestamp(day + "T12:00:00Z").value()).name;
}

TEST(Week, IsNamedByTheYearOfItsThursday) {
  EXPECT_EQ(week_of("2026-11-30"), "2026-W49");
  EXPECT_EQ(week_of("2026-11-29"), "2026-W48");
  EXPECT_EQ(week_of("2027-01-03"), "2026-W53") << "a Sunday of January";
  EXPECT_EQ(week_of("2027-01-04"), "2027-W01");
  EXPECT_EQ(week_of("2024-12-30"), "2025-W01") << "a Monday of December";
  EXPECT_EQ(week_of("2024-12-29"), "2024-W52");
  EXPECT_EQ(week_of("2020-12-31"), "2020-W53");
  EXPECT_EQ(week_of("2022-01-01"), "2021-W52");
}

TEST(Week, GoesFromMondayToMonday) {
  const auto monday = evidence::from_timestamp("2026-11-23T00:00:00Z").value();
  for (const auto when : {monday, monday + std::chrono::days(7) - std::chrono::seconds(1)}) {
    const auto week = week_at(when);
    EXPECT_EQ(week.name, "2026-W48");
    EXPECT_EQ(week.since, monday);
    EXPECT_EQ(week.until, monday + std::chrono::days(7));
  }
  EXPECT_EQ(week_at(monday - std::chrono::seconds(1)).name, "2026-W47");
}

TEST(Week, EachOneIsFoundByItsName) {
  auto when = evidence::from_timestamp("1999-12-01T00:00:00Z").value();
  for (int i = 0; i < 2000; ++i, when += std::chrono::days(7)) {
    const auto week = week_at(when);
    const auto named = week_named(week.name);
    ASSERT_TRUE(named) << week.name;
    EXPECT_EQ(named->since, week.since) << week.name;
    EXPECT_EQ(named->until, week_at(week.until).since) << week.name;
  }
}

TEST(Week, WhatIsNoNameIsRefused) {
  for (const auto* name : {"", "latest", "2026-48", "2026W48", "2026-W00", "2026-W54", "2025-W53",
                           "2026-W4", "2026-W048", "2026-w48", "+026-W48", "2026-W-1", "0000-W01"})
    EXPECT_FALSE(week_named(name)) << name;
}

}  // namespace
}  // namespace assay::collector
