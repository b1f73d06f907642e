#include "checks/engine/rpm_version.h"

#include <gtest/gtest.h>

namespace assay::checks {
namespace {

TEST(RpmCompare, NumbersAreNumbersOfAnyLength) {
  EXPECT_EQ(rpm_compare("1.0", "1.0"), 0);
  EXPECT_EQ(rpm_compare("1.9", "1.10"), -1);
  EXPECT_EQ(rpm_compare("1.010", "1.10"), 0);
  EXPECT_EQ(rpm_compare("2.0.1", "2.0"), 1);
  EXPECT_EQ(rpm_compare("20260101000000000000000001", "20260101000000000000000002"), -1);
}

TEST(RpmCompare, LettersComeBeforeNumbers) {
  EXPECT_EQ(rpm_compare("1.0a", "1.0.1"), -1);
  EXPECT_EQ(rpm_compare("1.0a", "1.0b"), -1);
  EXPECT_EQ(rpm_compare("1.0", "1.0a"), -1);
  EXPECT_EQ(rpm_compare("1.0Z", "1.0a"), -1);
}

TEST(RpmCompare, SeparatorsOnlySeparate) {
  EXPECT_EQ(rpm_compare("1.0", "1_0"), 0);
  EXPECT_EQ(rpm_compare("1..0", "1.0+"), 0);
  EXPECT_EQ(rpm_compare("1é0", "1.0"), 0);
}

TEST(RpmCompare, ATildeIsOlderAndACaretNewerThanTheEnd) {
  EXPECT_EQ(rpm_compare("1.0~rc1", "1.0"), -1);
  EXPECT_EQ(rpm_compare("1.0~~", "1.0~"), -1);
  EXPECT_EQ(rpm_compare("1.0^git1", "1.0"), 1);
  EXPECT_EQ(rpm_compare("1.0^git1", "1.0.1"), -1);
  EXPECT_EQ(rpm_compare("1.0^", "1.0~"), 1);
  EXPECT_EQ(rpm_compare("1.0~rc1^git", "1.0~rc1"), 1);
}

TEST(RpmCompare, TheEpochGoesBeforeEverything) {
  EXPECT_EQ(rpm_compare("1:0.1-1", "9.9-1"), 1);
  EXPECT_EQ(rpm_compare("0:1.0-1", "1.0-1"), 0);
  EXPECT_EQ(rpm_compare(":1.0-1", "1.0-1"), 0);
  EXPECT_EQ(rpm_compare("10:1-1", "9:1-1"), 1);
}

TEST(RpmCompare, AReleaseThatIsMissingIsOlder) {
  EXPECT_EQ(rpm_compare("3.0.7-27.el9", "3.0.7-28.el9"), -1);
  EXPECT_EQ(rpm_compare("3.0.7-27.el9_4.1", "3.0.7-27.el9"), 1);
  EXPECT_EQ(rpm_compare("1.0", "1.0-1"), -1);
  EXPECT_EQ(rpm_compare("1.0-1", "1.0"), 1);
  EXPECT_EQ(rpm_compare("", ""), 0);
}

}  // namespace
}  // namespace assay::checks
