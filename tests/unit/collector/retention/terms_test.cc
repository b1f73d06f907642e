#include "collector/retention/terms.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

std::string before(const std::string& time, int years) {
  return evidence::to_timestamp(
      years_before(evidence::from_timestamp(time).value(), std::chrono::years(years)));
}

TEST(RetentionTerms, YearsAreThoseOfTheCalendar) {
  EXPECT_EQ(before("2026-11-29T01:02:03Z", 5), "2021-11-29T01:02:03Z");
  EXPECT_EQ(before("2028-02-29T23:59:59Z", 5), "2023-02-28T23:59:59Z");
  EXPECT_EQ(before("2028-02-29T23:59:59Z", 4), "2024-02-29T23:59:59Z");
  EXPECT_EQ(before("2027-02-28T00:00:00Z", 3), "2024-02-28T00:00:00Z");
}

TEST(RetentionTerms, WhatIsCommonIsKeptForTheLongest) {
  RetentionTerms terms;
  EXPECT_EQ(terms.longest(), std::chrono::years(5));
  terms.longer = {{"a", std::chrono::years(7)}, {"b", std::chrono::years(6)}};
  EXPECT_EQ(terms.longest(), std::chrono::years(7));
  EXPECT_EQ(terms.of(std::vector<std::string>{"b", "c"}), std::chrono::years(6));
  EXPECT_EQ(terms.of(std::vector<std::string>{"c"}), std::chrono::years(5));
  EXPECT_EQ(terms.of({}), std::chrono::years(5));
}

}  // namespace
}  // namespace assay::collector
