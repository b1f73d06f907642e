#include "checks/lifecycle/distro_info.h"

#include <gtest/gtest.h>

namespace assay::checks::lifecycle {
namespace {

constexpr std::string_view kDebian =
    "version,codename,series,created,release,eol,eol-lts,eol-elts\n"
    "11,Bullseye,bullseye,2019-07-06,2021-08-14,2024-08-14,2026-08-31,2031-06-30\n"
    "12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11\n"
    "14,Forky,forky,2025-08-09\n"
    ",Sid,sid,1993-08-16\n";

constexpr std::string_view kUbuntuHeader =
    "version,codename,series,created,release,eol,eol-server,eol-esm,eol-legacy\n";

std::string refusal(std::string_view text) {
  const auto cycles = parse_distro_info(text);
  return cycles ? "" : cycles.error().message();
}

TEST(DistroInfo, DebianWithLinesThatEndEarly) {
  const auto cycles = parse_distro_info(kDebian);
  ASSERT_TRUE(cycles) << cycles.error().message();
  ASSERT_EQ(cycles->products.size(), 1U);
  const auto& debian = cycles->products[0];
  EXPECT_EQ(debian.name, "debian");
  EXPECT_TRUE(debian.is_system);
  ASSERT_EQ(debian.cycles.size(), 2U);
  EXPECT_EQ(debian.cycles[0].name, "12");
  EXPECT_EQ(debian.cycles[0].security_until, "2026-07-11");
  EXPECT_EQ(debian.cycles[0].extended_until, "");
  EXPECT_EQ(debian.cycles[1].codename, "bullseye");
  // Not Freexian's ELTS, which is bought apart.
  EXPECT_EQ(debian.cycles[1].extended_until, "2026-08-31");
}

TEST(DistroInfo, WhatIsNotReleasedOrHasNoVersionIsLeftOut) {
  const auto cycles = parse_distro_info(kDebian);
  ASSERT_TRUE(cycles) << cycles.error().message();
  ASSERT_EQ(cycles->omissions.size(), 2U);
  EXPECT_EQ(cycles->omissions[0].cycle, "14");
  EXPECT_EQ(cycles->omissions[0].why, Why::kNotReleased);
  EXPECT_EQ(cycles->omissions[1].cycle, "sid");
  EXPECT_EQ(cycles->omissions[1].why, Why::kNoVersion);
}

// Its point releases were 6.0.1 and so on.
TEST(DistroInfo, DebianIsKnownByItsMajorNumberFromFourOn) {
  const auto cycles = parse_distro_info(
      "version,series,release,eol,eol-lts\n3.0,woody,2002-07-19,2006-06-30\n"
      "6.0,squeeze,2011-02-06,2014-05-31,2016-02-29\n10,buster,2019-07-06,2022-09-10\n");
  ASSERT_TRUE(cycles) << cycles.error().message();
  std::string names;
  for (const auto& cycle : cycles->products[0].cycles) names += cycle.name + " ";
  EXPECT_EQ(names, "10 6 3.0 ");
}

TEST(DistroInfo, UbuntuWithoutTheWordLts) {
  const auto cycles = parse_distro_info(
      std::string(kUbuntuHeader) +
      "10.04 LTS,Lucid Lynx,lucid,2009-10-29,2010-04-29,2013-05-09,2015-04-30\r\n"
      "24.04 LTS,Noble "
      "Numbat,noble,2023-10-12,2024-04-25,2029-05-31,2029-05-31,2034-04-25,2036-04-25\r\n");
  ASSERT_TRUE(cycles) << cycles.error().message();
  const auto& ubuntu = cycles->products[0];
  EXPECT_EQ(ubuntu.name, "ubuntu");
  ASSERT_EQ(ubuntu.cycles.size(), 2U);
  EXPECT_EQ(ubuntu.cycles[0].name, "24.04");
  EXPECT_EQ(ubuntu.cycles[0].codename, "noble");
  EXPECT_EQ(ubuntu.cycles[0].extended_until, "2034-04-25");
  // Servers were supported longer in those days, and there was no ESM.
  EXPECT_EQ(ubuntu.cycles[1].security_until, "2013-05-09");
  EXPECT_EQ(ubuntu.cycles[1].extended_until, "2015-04-30");
}

TEST(DistroInfo, AMistakeIsNamedWithItsLine) {
  EXPECT_EQ(refusal("version,codename,series,created,release,eol,eol-lts\n"
                    "12,Bookworm,bookworm,2021-08-14,2023-06-10,soon\n"),
            "line 2: eol: a day (YYYY-MM-DD) is expected, not \"soon\"");
  EXPECT_EQ(refusal("version,series,release,eol,eol-lts\n12,x,2023-06-10,2026-07-11,,,,\n"),
            "line 2: more columns than the first line names");
  EXPECT_EQ(refusal("version,series,release,eol\n"),
            "line 1: neither debian.csv (eol-lts) nor ubuntu.csv (eol-server)");
  EXPECT_EQ(refusal("12,Bookworm\n"),
            "line 1: the column version is missing; the first line names them");
  EXPECT_EQ(refusal("version,series,release,eol,eol-lts\n\n"), "line 1: the file names no release");
  EXPECT_NE(refusal(""), "");
  EXPECT_EQ(refusal("version,series,release,eol,eol-lts\n12,a b,2023-06-10,2026-07-11\n"),
            "line 2: series: a name is expected");
}

TEST(DistroInfo, ItsSizeIsBounded) {
  const auto large = parse_distro_info(std::string(kMaxListBytes + 1, '\n'));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::checks::lifecycle
