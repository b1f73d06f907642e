#include "agent/probes/linux/hardening/sshd/sshd_lines.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

// Keyword and arguments of the only line, joined by "|".
std::string line(std::string_view text) {
  const auto lines = parse_sshd_lines(text);
  if (!lines) return "refused";
  if (lines->size() != 1) return std::to_string(lines->size()) + " lines";
  std::string all = lines->front().keyword;
  for (const auto& argument : lines->front().arguments) all += "|" + argument;
  return all;
}

TEST(SshdLines, ReadsEverySpellingOfALine) {
  EXPECT_EQ(line("Port 22\n"), "port|22");
  EXPECT_EQ(line("  PORT\t=  22  \r\n"), "port|22");
  EXPECT_EQ(line("Port=22"), "port|22");
  EXPECT_EQ(line("\"Port\" \"22\""), "port|22");
  EXPECT_EQ(line("AllowUsers alice 'bob smith' \"carol\""), "allowusers|alice|bob smith|carol");
}

TEST(SshdLines, ACommentEndsALineOnlyWhereAnArgumentBegins) {
  EXPECT_EQ(line("Banner /etc/issue # shown to all"), "banner|/etc/issue");
  EXPECT_EQ(line("Banner /etc/issue#2"), "banner|/etc/issue#2");
  EXPECT_EQ(line("# Port 22\n\n   # more\n"), "0 lines");
}

TEST(SshdLines, OnlyTheFirstEqualsSignIsADelimiter) {
  EXPECT_EQ(line("SetEnv A=b"), "setenv|A=b");
  EXPECT_EQ(line("SetEnv = A=b"), "setenv|A=b");
  EXPECT_EQ(line("Port == 22"), "port|=|22");
}

TEST(SshdLines, ABackslashKeepsAQuoteABackslashOrABlank) {
  EXPECT_EQ(line(R"(ForceCommand a\ b "c \" d" e\f)"), R"(forcecommand|a b|c " d|e\f)");
}

TEST(SshdLines, RefusesWhatSshdRefuses) {
  for (const std::string_view text :
       {std::string_view("Port"), std::string_view("Port #22"), std::string_view("Banner \"/x"),
        std::string_view("= 22"), std::string_view("Port 2\0002", 8)})
    EXPECT_EQ(line(text), "refused") << text;
}

TEST(SshdLines, TheErrorNamesTheLine) {
  const auto lines = parse_sshd_lines("Port 22\n\nBanner 'x\n");
  ASSERT_FALSE(lines.has_value());
  EXPECT_EQ(lines.error().code(), Code::kInvalidData);
  EXPECT_TRUE(lines.error().message().starts_with("line 3:")) << lines.error().message();
}

}  // namespace
}  // namespace assay::agent
