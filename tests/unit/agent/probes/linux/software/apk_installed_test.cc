#include "agent/probes/linux/software/apk_installed.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::agent {
namespace {

constexpr std::string_view kTwo =
    "C:Q1abc=\nP:a\nV:1.0-r0\nA:x86_64\nI:4096\nt:1700000000\nF:usr\nR:f\nZ:Q1x=\n\n"
    "P:b\nV:2-r1\nf:S\n\n";

TEST(ApkInstalledTest, ReadsPackagesAndPassesOverTheirFiles) {
  const auto packages = parse_apk_installed(kTwo);
  ASSERT_TRUE(packages.has_value());
  ASSERT_EQ(packages->size(), 2U);
  EXPECT_EQ(packages->at(0).name, "a");
  EXPECT_EQ(packages->at(0).installed_bytes, 4096);
  EXPECT_EQ(packages->at(0).checksum, "Q1abc=");
  EXPECT_EQ(packages->at(1).version, "2-r1");
}

TEST(ApkInstalledTest, AMarkOfHowSumsAreMadeIsNoDefect) {
  EXPECT_FALSE(parse_apk_installed("P:a\nV:1\nf:S\n\n")->at(0).is_broken);
  EXPECT_TRUE(parse_apk_installed("P:a\nV:1\nf:Ss\n\n")->at(0).is_broken);
}

TEST(ApkInstalledTest, AnEmptyDatabaseHasNoPackages) {
  EXPECT_TRUE(parse_apk_installed("")->empty());
}

// Cut at every byte: an error, or what was lost is whole packages, which no reader can see.
TEST(ApkInstalledTest, ACutFileIsNeverTakenForAWholeOne) {
  const auto second = kTwo.find("P:b");
  for (std::size_t length = 1; length + 1 < kTwo.size(); ++length) {
    const auto parsed = parse_apk_installed(kTwo.substr(0, length));
    EXPECT_TRUE(!parsed || length == second) << length;
  }
}

struct BadCase {
  const char* text;
  const char* message;
};
class BadApkInstalledTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadApkInstalledTest, IsRefusedWithItsLine) {
  const auto parsed = parse_apk_installed(GetParam().text);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadApkInstalledTest,
    testing::Values(BadCase{"P:a\nV:1\n", "line 2: the file ends in the middle of a package"},
                    BadCase{"V:1\n\n", "line 1: a package without name or version"},
                    BadCase{"P:a\n\n", "line 1: a package without name or version"},
                    BadCase{"P:a\nP:b\n\n", "line 2: a field for the second time"},
                    BadCase{"P:a\nV:1\nI:many\n\n", "line 3: a field that is no number"},
                    BadCase{"P:a\nV:1\nI:-1\n\n", "line 3: a field that is no number"},
                    BadCase{"nonsense\n\n", "line 1: no field of apk's"}));

}  // namespace
}  // namespace assay::agent
