#include "checks/engine/versions.h"

#include <gtest/gtest.h>

namespace assay::checks {
namespace {

TEST(UpstreamVersion, DropsEpochRevisionAndRepacking) {
  EXPECT_EQ(upstream_version("1:3.0.17-1~deb12u3"), "3.0.17");
  EXPECT_EQ(upstream_version("1.22.1-9+deb12u2"), "1.22.1");
  EXPECT_EQ(upstream_version("2.4.62+dfsg-1"), "2.4.62");
  EXPECT_EQ(upstream_version("15.0~rc1-1"), "15.0");
  EXPECT_EQ(upstream_version(""), "");
}

TEST(CycleMatches, ComparesWholeComponents) {
  EXPECT_TRUE(cycle_matches("1.22.1", "1.22"));
  EXPECT_TRUE(cycle_matches("12", "12"));
  EXPECT_FALSE(cycle_matches("1.221", "1.22"));
  EXPECT_FALSE(cycle_matches("12.1", "1"));
  EXPECT_FALSE(cycle_matches("12", ""));
}

TEST(DpkgCompare, FollowsDebianPolicy) {
  EXPECT_EQ(dpkg_compare("1.0", "1.0"), 0);
  EXPECT_LT(dpkg_compare("1.0~rc1", "1.0"), 0);
  EXPECT_LT(dpkg_compare("1.9", "1.10"), 0);
  EXPECT_GT(dpkg_compare("1:0.1", "9.9"), 0);
  EXPECT_LT(dpkg_compare("1.0-1", "1.0-1+deb12u1"), 0);
  EXPECT_LT(dpkg_compare("1.0~~", "1.0~"), 0);
  EXPECT_EQ(dpkg_compare("1.0", "1.00"), 0);
  EXPECT_EQ(dpkg_compare("0:1.0", "1.0"), 0);
  EXPECT_GT(dpkg_compare("1.0+b1", "1.0a"), 0);
}

}  // namespace
}  // namespace assay::checks
