#include "agent/probes/linux/operations/logging/rsyslog_conf.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using Kind = RsyslogStatement::Kind;

std::vector<RsyslogStatement> parse(std::string_view text) {
  auto parsed = parse_rsyslog_conf(text);
  EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().message());
  return parsed.value_or(std::vector<RsyslogStatement>{});
}

TEST(RsyslogConfTest, ReadsSelectorsAndTheirActions) {
  const auto found = parse("*.*;auth.none\t-/var/log/syslog\nauth.* @@log.example:514 # x\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kind, Kind::kAction);
  EXPECT_EQ(found[0].selector, "*.*;auth.none");
  EXPECT_EQ(found[0].text, "-/var/log/syslog");
  EXPECT_EQ(found[1].line, 2);
}

TEST(RsyslogConfTest, ReadsObjectsOverSeveralLines) {
  const auto found = parse(
      "# first\naction(type=\"omfwd\"\n  Target=\"h\" /* c */ Port=\"6514\"\n"
      "  StreamDriverPermittedPeers=[\"a\", \"b\"])\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "action");
  EXPECT_EQ(found[0].line, 2);
  EXPECT_EQ(found[0].parameter("target"), "h");
  EXPECT_EQ(found[0].parameter("port"), "6514");
  EXPECT_EQ(found[0].parameter("streamdriverpermittedpeers"), "a");
}

TEST(RsyslogConfTest, AnObjectMayStandBehindASelector) {
  const auto found = parse("*.* action(type=\"omfile\" file=\"/x\")\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].selector, "*.*");
  EXPECT_EQ(found[0].parameter("file"), "/x");
}

TEST(RsyslogConfTest, LooksIntoConditionsAndBlocks) {
  const auto found = parse(
      "if $programname == 'sshd' and $msg contains \"then\" then {\n"
      "  action(type=\"omfile\" file=\"/var/log/sshd\")\n  stop\n} else {\n  /var/log/rest\n}\n"
      "if ($x == 1) then @h\n& stop\n");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].parameter("file"), "/var/log/sshd");
  EXPECT_EQ(found[1].text, "/var/log/rest");
  EXPECT_EQ(found[2].text, "@h");
}

TEST(RsyslogConfTest, ReadsPropertyFiltersAndContinuations) {
  const auto found = parse(":msg, contains, \"a:b\" /var/log/a\n& @@h\n& ~\n:omusrmsg:*\n");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].text, "/var/log/a");
  EXPECT_EQ(found[1].text, "@@h");
  EXPECT_EQ(found[2].text, ":omusrmsg:*");
}

TEST(RsyslogConfTest, ReadsDirectivesAndSets) {
  const auto found =
      parse("$FileCreateMode 0640\nset $.a = \"x;y\";\nunset $.a;\ncall r\n*.* /x\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "filecreatemode");
  EXPECT_EQ(found[0].text, "0640");
}

TEST(RsyslogConfTest, ABackslashJoinsLines) {
  const auto found = parse("*.* \\\n  /var/log/a\nx.* /b\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text, "/var/log/a");
  EXPECT_EQ(found[1].line, 3);
}

TEST(RsyslogConfTest, WhatDoesNotEndIsAnErrorWithItsLine) {
  for (const auto* text :
       {"\n\naction(type=\"omfile\"", "\n\naction(type=\"omfile", "\n\n/* no end", "\n\nif $x",
        "\n\nset $.a = 1", "\n\nmodule(a=[\"b\""}) {
    const auto parsed = parse_rsyslog_conf(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_TRUE(parsed.error().message().starts_with("line 3: ")) << parsed.error().message();
  }
}

TEST(RsyslogConfTest, RefusesBinaryAndTooMuch) {
  EXPECT_FALSE(parse_rsyslog_conf(std::string_view("\0", 1)).has_value());
  std::string many;
  for (std::size_t i = 0; i <= kMaxRsyslogStatements; ++i) many += "*.* /x\n";
  EXPECT_EQ(parse_rsyslog_conf(many).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
