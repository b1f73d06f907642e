#include "agent/probes/linux/operations/logging/logrotate_conf.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

Retention retention(const std::string& directives) {
  const auto conf = parse_logrotate_conf("/x {\n" + directives + "\n}\n", {});
  EXPECT_TRUE(conf.has_value());
  return retention_of(conf.value().blocks.at(0).rotation);
}

TEST(LogrotateConfTest, BlocksTakeTheDefaultsBeforeThem) {
  const auto conf = parse_logrotate_conf(
      "weekly\nrotate 4\ninclude /etc/logrotate.d\n/a /b\n\"/c d\"\n{\n  daily\n  rotate=30\n}\n"
      "rotate 9\n/e { \n}\n",
      {});
  ASSERT_TRUE(conf.has_value()) << conf.error().message();
  ASSERT_EQ(conf->blocks.size(), 2U);
  EXPECT_EQ(conf->blocks[0].patterns, (std::vector<std::string>{"/a", "/b", "/c d"}));
  EXPECT_EQ(conf->blocks[0].line, 4);
  EXPECT_EQ(retention_of(conf->blocks[0].rotation).days, 30);
  EXPECT_EQ(retention_of(conf->blocks[1].rotation).days, 63);
  EXPECT_EQ(conf->includes.at(0).path, "/etc/logrotate.d");
  EXPECT_EQ(conf->includes.at(0).defaults.rotate, 4);
}

TEST(LogrotateConfTest, ScriptsAreNotDirectives) {
  const auto conf = parse_logrotate_conf(
      "/x {\n weekly\n rotate 1\n postrotate\n  rotate 99\n  }\n endscript\n}\n", {});
  EXPECT_EQ(conf.value().blocks.at(0).rotation.rotate, 1);
}

TEST(LogrotateConfTest, DaysFollowFrequencyAndCount) {
  EXPECT_EQ(retention("daily\nrotate 180").days, 180);
  EXPECT_EQ(retention("hourly\nrotate 48").days, 2);
  EXPECT_EQ(retention("monthly\nrotate 6").days, 180);
  EXPECT_EQ(retention("yearly\nrotate 1").days, 365);
  EXPECT_EQ(retention("weekly").days, 0);
}

TEST(LogrotateConfTest, MaxageEndsItSooner) {
  EXPECT_EQ(retention("weekly\nrotate 52\nmaxage 90").days, 90);
  EXPECT_EQ(retention("daily\nrotate -1\nmaxage 90").days, 90);
}

TEST(LogrotateConfTest, WithoutAnEndItIsUnlimited) {
  EXPECT_TRUE(retention("daily\nrotate -1").is_unlimited);
}

TEST(LogrotateConfTest, BySizeTheDaysAreNotKnown) {
  for (const auto* directives :
       {"rotate 4", "weekly\nsize 10M\nrotate 4", "weekly\nmaxsize 10M\nrotate 4"}) {
    EXPECT_EQ(retention(directives).days, std::nullopt) << directives;
    EXPECT_FALSE(retention(directives).reason.empty());
  }
  EXPECT_EQ(retention("size 1M\ndaily\nrotate 4").days, 4);
}

TEST(LogrotateConfTest, HugeCountsDoNotOverflow) {
  EXPECT_GT(*retention("yearly\nrotate 9223372036854775807").days, 0);
}

TEST(LogrotateConfTest, WhatDoesNotEndIsAnErrorWithItsLine) {
  for (const auto* text : {"\n/x {\n daily\n", "\n/x\n", "\n\"/x\n", "\n/x {\npostrotate\n}\n"})
    EXPECT_FALSE(parse_logrotate_conf(text, {}).has_value()) << text;
  EXPECT_EQ(parse_logrotate_conf("\n/x {\n", {}).error().message(),
            "line 2: a block that does not end");
}

}  // namespace
}  // namespace assay::agent
