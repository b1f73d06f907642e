#include "agent/probes/linux/updates/apk/apk_version.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay::agent {
namespace {

TEST(ApkVersionTest, EachOfTheseIsNewerThanTheOneBefore) {
  const std::vector<std::string> sorted = {"0.1_alpha", "0.1_alpha1", "0.1_alpha2",
                                           "0.1_beta",  "0.1_pre",    "0.1_rc",
                                           "0.1_rc1",   "0.1",        "0.1-r0",
                                           "0.1-r1",    "0.1-r10",    "0.1_cvs",
                                           "0.1_svn",   "0.1_git",    "0.1_hg",
                                           "0.1_p",     "0.1_p1",     "0.1a",
                                           "0.1b-r2",   "0.1.0",      "0.1.01",
                                           "0.1.1",     "0.1.9",      "0.1.10",
                                           "0.2",       "1.2.4~0a",   "1.2.4~ff",
                                           "1.2.5",     "9",          "10",
                                           "20240101",  "20240101.1", "99999999999999999999"};
  for (std::size_t i = 0; i < sorted.size(); ++i)
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      const int expected = i < j ? -1 : i > j ? 1 : 0;
      EXPECT_EQ(apk_compare(sorted[i], sorted[j]), expected) << sorted[i] << ' ' << sorted[j];
    }
}

TEST(ApkVersionTest, RealPairsOfAlpine) {
  EXPECT_EQ(apk_compare("1.36.1-r29", "1.36.1-r5"), 1);
  EXPECT_EQ(apk_compare("9.7_p1-r4", "9.6_p1-r0"), 1);
  EXPECT_EQ(apk_compare("3.3.2-r1", "3.3.2-r1"), 0);
  EXPECT_EQ(apk_compare("2.0_rc3-r0", "2.0-r0"), -1);
  EXPECT_EQ(apk_compare("1.1.1w-r1", "1.1.1v-r9"), 1);
  EXPECT_EQ(apk_compare("01", "1"), 0);       // the first number counts as one
  EXPECT_EQ(apk_compare("1.01", "1.1"), -1);  // the others do not with a zero in front
}

TEST(ApkVersionTest, WhatIsNoVersionHasNoOrder) {
  for (const auto* text : {"", "a", ".1", "1.", "1..2", "1_", "1_foo", "1-2", "1-r", "1ab",
                           "1.2-r1.3", "1~", "1~0_p", "1 2", "1-r1-r2", "1A"})
    EXPECT_EQ(apk_compare(text, "1"), std::nullopt) << text;
}

}  // namespace
}  // namespace assay::agent
