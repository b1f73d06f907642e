#include "agent/probes/linux/software/rpm/rpm_header.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"

namespace assay::agent {
namespace {

Result<RpmHeader> parse(std::string_view bytes) {
  MemoryBytes blob(bytes);
  return read_rpm_header(blob);
}
Result<RpmHeader> parse(const HeaderBytes& header) {
  return parse(header.bytes());
}

TEST(RpmHeaderTest, ReadsTextsAndNumbers) {
  const auto header =
      parse(named_header("a").number(1003, 1).number(1009, 4096).text(1022, "noarch"));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->name + "|" + header->version + "|" + header->release, "a|1.0|2.el9");
  EXPECT_EQ(header->epoch, 1);
  EXPECT_EQ(header->size_bytes, 4096);
  EXPECT_EQ(header->arch, "noarch");
}

TEST(RpmHeaderTest, WhatIsNotThereIsNotMadeUp) {
  const auto header = parse(named_header("a"));
  EXPECT_FALSE(header->epoch || header->size_bytes || header->install_time);
  EXPECT_EQ(header->arch + header->vendor + header->sha1 + header->signing_key, "");
}

TEST(RpmHeaderTest, AnEpochOfZeroIsThere) {
  EXPECT_EQ(parse(named_header("a").number(1003, 0))->epoch, 0);
}

TEST(RpmHeaderTest, WhatWasAddedAtInstallationWins) {
  EXPECT_EQ(parse(named_header("a").number(1008, 1).number(1008, 1700000000))->install_time,
            1700000000);
}

TEST(RpmHeaderTest, TheIdentityAloneIsTheSame) {
  const auto identity = [](const HeaderBytes& header) {
    const auto bytes = header.bytes();
    MemoryBytes blob(bytes);
    const auto read = read_rpm_identity(blob);
    return read ? read->name + " " + read->full_version() : read.error().message();
  };
  EXPECT_EQ(identity(named_header("a")), "a 1.0-2.el9");
  EXPECT_EQ(identity(named_header("a").number(1003, 0)), "a 1.0-2.el9");
  EXPECT_EQ(identity(named_header("a").number(1003, 2)), "a 2:1.0-2.el9");
  HeaderBytes nameless;
  EXPECT_EQ(identity(nameless.text(1001, "1.0").text(1002, "2.el9")),
            "a package header lacks name, version or release");
}

TEST(RpmHeaderTest, ALargePackageHasItsSizeInTheLongerTag) {
  HeaderBytes header = named_header("a");
  header.entry(5009, 5, 1, big_32(2) + big_32(0));
  EXPECT_EQ(parse(header)->size_bytes, std::int64_t{2} << 32U);
}

TEST(RpmHeaderTest, ATranslatedGroupIsReadInItsFirstLanguage) {
  HeaderBytes header = named_header("a");
  header.entry(1016, 9, 2, std::string("System/Base\0Grund\0", 18));
  EXPECT_EQ(parse(header)->group, "System/Base");
}

TEST(RpmHeaderTest, ALongTextIsReadWhole) {
  const std::string license(5000, 'L');
  EXPECT_EQ(parse(named_header("a").text(1014, license))->license, license);
}

TEST(RpmHeaderTest, ATextThatNoPackageHasIsRefused) {
  EXPECT_EQ(parse(named_header("a").text(1014, std::string(70'000, 'L'))).error().code(),
            Code::kTooLarge);
}

TEST(RpmHeaderTest, AnUnknownTagIsPassedOver) {
  EXPECT_TRUE(parse(named_header("a").entry(0x7fffffff, 99, 0xffffffff, "x")).has_value());
}

TEST(RpmHeaderTest, EveryCutIsAnError) {
  const auto bytes = named_header("a").number(1008, 1).bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(parse(std::string_view(bytes).substr(0, length)).has_value()) << length;
}

struct BadCase {
  const char* what;
  std::string bytes;
};
class BadRpmHeaderTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadRpmHeaderTest, IsAnError) {
  EXPECT_EQ(parse(GetParam().bytes).error().code(), Code::kInvalidData) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadRpmHeaderTest,
    testing::Values(
        BadCase{"no entries", big_32(0) + big_32(0)},
        BadCase{"more entries than any", big_32(0x10000) + big_32(0) + std::string(16, 'x')},
        BadCase{"a length that overflows", big_32(0xffffffff) + big_32(0xffffffff)},
        BadCase{"no name", HeaderBytes().text(1001, "1").text(1002, "1").bytes()},
        BadCase{"no release", HeaderBytes().text(1000, "a").text(1001, "1").bytes()},
        BadCase{"an empty name", named_header("").bytes()},
        BadCase{"a name that is a number",
                HeaderBytes().number(1000, 7).text(1001, "1").text(1002, "1").bytes()},
        BadCase{"a size that is text", named_header("a").text(1009, "big").bytes()},
        BadCase{"a number that is none", named_header("a").entry(1009, 4, 0, "1234").bytes()},
        BadCase{"a number cut by the end", named_header("a").entry(1009, 4, 1, "12").bytes()},
        BadCase{"text without end", named_header("a").entry(1011, 6, 1, "vendor").bytes()}));

}  // namespace
}  // namespace assay::agent
