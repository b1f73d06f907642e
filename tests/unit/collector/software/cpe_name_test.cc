#include "collector/software/cpe_name.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

std::string name(CpeParts parts) {
  return cpe_name(parts).value_or("none");
}
// "version update" by a rule.
std::string version(CpeVersionRule rule, std::string_view text) {
  CpeParts parts;
  set_cpe_version(rule, text, parts);
  return parts.version + (parts.update.empty() ? "" : " " + parts.update);
}

TEST(CpeNameTest, HasThirteenPartsAndAnyForWhatIsNotKnown) {
  EXPECT_EQ(name({.vendor = "openssl", .product = "openssl", .version = "3.0.17"}),
            "cpe:2.3:a:openssl:openssl:3.0.17:*:*:*:*:*:*:*");
  EXPECT_EQ(name({.part = 'o', .vendor = "debian", .product = "debian_linux"}),
            "cpe:2.3:o:debian:debian_linux:*:*:*:*:*:*:*:*");
}

TEST(CpeNameTest, EscapesAllButLettersDigitsUnderscoreDotAndHyphen) {
  EXPECT_EQ(name({.vendor = "a", .product = "b", .version = "1:2.0+dfsg~rc1*?"}),
            "cpe:2.3:a:a:b:1\\:2.0\\+dfsg\\~rc1\\*\\?:*:*:*:*:*:*:*");
  EXPECT_EQ(name({.vendor = "microsoft", .product = "c++", .version = "a\\b/c!\"#$%&'()"}),
            "cpe:2.3:a:microsoft:c\\+\\+:a\\\\b\\/c\\!\\\"\\#\\$\\%\\&\\'\\(\\):*:*:*:*:*:*:*");
  EXPECT_EQ(name({.vendor = "x.org", .product = "node.js", .version = "1_2-3"}),
            "cpe:2.3:a:x.org:node.js:1_2-3:*:*:*:*:*:*:*");
}

TEST(CpeNameTest, ALoneHyphenIsAValueAndNotNotApplicable) {
  EXPECT_EQ(name({.vendor = "a", .product = "b", .version = "-"}),
            "cpe:2.3:a:a:b:\\-:*:*:*:*:*:*:*");
}

TEST(CpeNameTest, SmallLettersAndNoBlanks) {
  EXPECT_EQ(name({.vendor = "Big Corp", .product = "Tool", .version = "1"}),
            "cpe:2.3:a:big_corp:tool:1:*:*:*:*:*:*:*");
}

TEST(CpeNameTest, WhatCannotStandInANameGivesNone) {
  EXPECT_EQ(name({.vendor = "a", .product = "b", .version = "1\n2"}), "none");
  EXPECT_EQ(name({.vendor = "a", .product = "b", .version = "1é"}), "none");
  EXPECT_EQ(name({.vendor = "a", .product = "b", .version = std::string(1, '\x7f')}), "none");
  EXPECT_EQ(name({.vendor = "a", .product = "b", .version = std::string(129, '1')}), "none");
  EXPECT_NE(name({.vendor = "a", .product = "b", .version = std::string(128, '1')}), "none");
}

TEST(CpeVersionTest, UpstreamIsWithoutWhatADistributionAdds) {
  const auto rule = CpeVersionRule::kUpstream;
  EXPECT_EQ(version(rule, "1:3.0.17-1~deb12u3"), "3.0.17");
  EXPECT_EQ(version(rule, "2.4.62+dfsg-1"), "2.4.62");
  EXPECT_EQ(version(rule, "1.36.1-r5"), "1.36.1");
  EXPECT_EQ(version(rule, "17.0.9+9-1~deb12u1"), "17.0.9");
  EXPECT_EQ(version(rule, "15.0~rc1-1"), "15.0 rc1");
  EXPECT_EQ(version(rule, "15.0~beta-1"), "15.0 beta");
  EXPECT_EQ(version(rule, "1.0~git20240101-1"), "1.0");
  EXPECT_EQ(version(rule, "1.0^git1"), "1.0");
  EXPECT_EQ(version(rule, ""), "");
}

TEST(CpeVersionTest, APatchIsTheUpdate) {
  const auto rule = CpeVersionRule::kPatch;
  EXPECT_EQ(version(rule, "1:9.2p1-2+deb12u3"), "9.2 p1");
  EXPECT_EQ(version(rule, "4.4.3-P1-2"), "4.4.3 p1");
  EXPECT_EQ(version(rule, "1.9.13p3-1"), "1.9.13 p3");
  EXPECT_EQ(version(rule, "9.2-1"), "9.2");
  EXPECT_EQ(version(rule, "1.0pre-1"), "1.0pre");
  EXPECT_EQ(version(rule, "p1"), "p1");
}

TEST(CpeVersionTest, FullAndReleaseAreAsTheySay) {
  EXPECT_EQ(version(CpeVersionRule::kFull, "2.0.0-rc.1"), "2.0.0-rc.1");
  EXPECT_EQ(version(CpeVersionRule::kRelease, "12"), "12.0");
  EXPECT_EQ(version(CpeVersionRule::kRelease, "9.4"), "9.4");
  EXPECT_EQ(cpe_version_rule("patch"), CpeVersionRule::kPatch);
  EXPECT_EQ(cpe_version_rule("nonsense"), std::nullopt);
}

}  // namespace
}  // namespace assay::collector
