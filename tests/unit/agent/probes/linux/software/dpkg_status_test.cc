#include "agent/probes/linux/software/dpkg_status.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::agent {
namespace {

constexpr std::string_view kTwo =
    "Package: a\nStatus: install ok installed\nVersion: 1:2.0-3\n\n"
    "Package: b\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 4\n\n";

Result<DpkgPackages> parse(std::string_view text) {
  return parse_dpkg_status(text, DpkgLayout::kStatus);
}

std::string failure(std::string_view text) {
  const auto parsed = parse(text);
  if (parsed) return "no failure";
  EXPECT_EQ(parsed.error().code(), Code::kInvalidData);
  return parsed.error().message();
}

TEST(DpkgStatusTest, ReadsParagraphs) {
  const auto parsed = parse(kTwo);
  ASSERT_TRUE(parsed.has_value());
  ASSERT_EQ(parsed->packages.size(), 2U);
  EXPECT_EQ(parsed->packages[0].name, "a");
  EXPECT_EQ(parsed->packages[0].version, "1:2.0-3");
  EXPECT_TRUE(parsed->packages[0].is_installed());
  EXPECT_EQ(parsed->packages[1].arch, "all");
  EXPECT_FALSE(parsed->packages[1].is_installed());
  EXPECT_TRUE(parsed->is_ended);
}

TEST(DpkgStatusTest, FieldNamesMayBeOfAnyCase) {
  EXPECT_EQ(parse("package: a\nSTATUS: install ok installed\nvErSion: 1\n\n")->packages[0].version,
            "1");
}

TEST(DpkgStatusTest, ContinuationsBelongToTheFieldBefore) {
  const auto parsed = parse(
      "Package: a\nStatus: install ok installed\nVersion: 1\nDescription: x\n Version: no\n .\n\n");
  EXPECT_EQ(parsed->packages.at(0).version, "1");
}

TEST(DpkgStatusTest, KeepsBytesThatAreNoUtf8) {
  const auto parsed =
      parse("Package: a\nStatus: install ok installed\nVersion: 1\nMaintainer: J\xf6rg\xff\n\n");
  EXPECT_EQ(parsed->packages.at(0).maintainer, "J\xf6rg\xff");
}

TEST(DpkgStatusTest, SizeIsInBytes) {
  const auto parsed =
      parse("Package: a\nStatus: install ok installed\nVersion: 1\nInstalled-Size: 3\n\n");
  EXPECT_EQ(parsed->packages.at(0).installed_bytes, 3072);
}

// Cut at every byte: an error, or a file that says that it is not ended, or one that lost nothing
// but whole packages at an empty line, which no reader can see in the file alone.
TEST(DpkgStatusTest, ACutFileIsNeverTakenForAWholeOne) {
  const auto second = kTwo.find("Package: b");
  for (std::size_t length = 1; length < kTwo.size(); ++length) {
    const auto parsed = parse(kTwo.substr(0, length));
    EXPECT_TRUE(!parsed || !parsed->is_ended || length == second) << length;
  }
}

TEST(DpkgStatusTest, AnEmptyFileIsNotEnded) {
  EXPECT_FALSE(parse("")->is_ended);
}

struct BadCase {
  const char* text;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadCase& one) {
  return out << one.message;
}
class BadDpkgStatusTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadDpkgStatusTest, IsRefusedWithItsLine) {
  EXPECT_EQ(failure(GetParam().text), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadDpkgStatusTest,
    testing::Values(BadCase{"Package: a\nStatus: install ok inst",
                            "line 2: the file ends in the middle of a line"},
                    BadCase{"\nVersion: 1\nStatus: install ok installed\n\n",
                            "line 2: a paragraph without Package"},
                    BadCase{"Package: a\nVersion: 1\n\n", "line 1: a paragraph without Status"},
                    BadCase{"Package: a\nStatus: install ok installed\n\n",
                            "line 1: an installed package without Version"},
                    BadCase{"Package: a\nPackage: b\n", "line 2: a field for the second time"},
                    BadCase{" continued\n", "line 1: a continuation without a field"},
                    BadCase{"Package: a\nnonsense\n", "line 2: neither a field nor a continuation"},
                    BadCase{"Package: a\n: value\n", "line 2: neither a field nor a continuation"},
                    BadCase{"Package: a\nInstalled-Size: 9999999999999999999\n",
                            "line 2: Installed-Size is no number"},
                    BadCase{"Package: a\nInstalled-Size: -1\n",
                            "line 2: Installed-Size is no number"}));

TEST(DpkgStatusTest, RefusesAValueThatNoPackageHas) {
  const auto parsed = parse("Package: " + std::string(70'000, 'a') + "\n\n");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code(), Code::kTooLarge);
}

TEST(DpkgStatusTest, AFileOfAStatusFolderNeedsNoStatus) {
  const auto parsed = parse_dpkg_status("Package: a\nVersion: 1", DpkgLayout::kStatusFolder);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_TRUE(parsed->packages.at(0).is_installed());
}

TEST(DpkgStatusTest, TheRevisionStandsBehindTheLastHyphen) {
  EXPECT_EQ(dpkg_revision("1:2.0-rc1-3"), "3");
  EXPECT_EQ(dpkg_revision("2025b"), "");
}

}  // namespace
}  // namespace assay::agent
