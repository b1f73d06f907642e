#include "agent/probes/linux/text/sections.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

constexpr SectionRules kIndented = {.strictness = SectionStrictness::kStrict,
                                    .continuation = SectionContinuation::kIndented,
                                    .shows_headers = true};
constexpr SectionRules kBackslash = {.strictness = SectionStrictness::kTolerant,
                                     .continuation = SectionContinuation::kBackslash,
                                     .shows_headers = false};

std::string shown(std::string_view text, SectionRules rules) {
  const auto entries = parse_sections(text, rules);
  if (!entries) return entries.error().message();
  std::string all;
  for (const auto& entry : *entries)
    all.append(entry.section).append("/").append(entry.key).append("=").append(entry.value) += ';';
  return all;
}

TEST(SectionsTest, KnowsSectionKeyValueAndLine) {
  const auto entries =
      parse_sections("# a\n[Journal]\n  Storage = persistent \r\n;x=1\nword\n").value();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].section, "Journal");
  EXPECT_EQ(entries[0].key, "Storage");
  EXPECT_EQ(entries[0].value, "persistent");
  EXPECT_EQ(entries[0].line, 3);
}

TEST(SectionsTest, TheLastEntryCountsWithOrWithoutRegardToCase) {
  const auto entries = parse_sections("[globals]\nport=1\nPort=2\n[x]\nport=3\n").value();
  EXPECT_EQ(last_entry_ignoring_case(entries, "Globals", "port")->value, "2");
  EXPECT_EQ(last_entry_ignoring_case(entries, "Globals", "ports"), nullptr);
  EXPECT_EQ(last_entry(entries, "globals", "port")->value, "1");
  EXPECT_EQ(last_entry(entries, "Globals", "port"), nullptr);
  EXPECT_EQ(last_value(entries, "globals", "none"), "");
  EXPECT_TRUE(has_section(entries, "x"));
  EXPECT_FALSE(has_section(entries, "y"));
}

TEST(SectionsTest, AMarkOfTheByteOrderIsPassedOver) {
  EXPECT_EQ(parse_sections("\xef\xbb\xbf[a]\nb=c\n").value().at(0).section, "a");
}

TEST(SectionsTest, ASectionWithoutItsBracketTakesTheLine) {
  EXPECT_EQ(parse_sections("[a\nb=c\n").value().at(0).section, "a");
}

TEST(SectionsTest, RefusesBinaryAndTooMuch) {
  EXPECT_FALSE(parse_sections(std::string_view("a=\0b", 4)).has_value());
  std::string many;
  for (std::size_t i = 0; i <= kMaxSectionEntries; ++i) many += "a=b\n";
  EXPECT_EQ(parse_sections(many).error().code(), Code::kTooLarge);
}

TEST(SectionsTest, ATolerantReaderTakesAnyBytesUpToItsBound) {
  EXPECT_EQ(parse_sections_tolerantly(std::string_view("a=\0b", 4)).size(), 1U);
  std::string many;
  for (std::size_t i = 0; i <= kMaxSectionEntries; ++i) many += "a=b\n";
  EXPECT_EQ(parse_sections_tolerantly(many).size(), kMaxSectionEntries);
  many += "c=\\\nd\n";
  EXPECT_EQ(parse_sections(many, kBackslash).value().back().value, "b");
}

TEST(SectionsTest, ShowsHeadersWithWhatStandsBehindThem) {
  EXPECT_EQ(shown("# c\n[a]\nx = 1\n; c\n[b]\ny=2=3\n", kIndented), "a/=;a/x=1;b/=;b/y=2=3;");
  EXPECT_EQ(parse_sections_tolerantly("[a][$i]", true).at(0).value, "[$i]");
}

TEST(SectionsTest, ABlankContinuesWhereThatIsTheRule) {
  EXPECT_EQ(shown("[a]\nbaseurl=http://x\n  http://y\n", kIndented),
            "a/=;a/baseurl=http://x http://y;");
}

TEST(SectionsTest, ABackslashContinuesWhereThatIsTheRule) {
  EXPECT_EQ(shown("[S]\nExecStart=/bin/a \\\n  # c\n  -b\nUser=u\n", kBackslash),
            "S/ExecStart=/bin/a -b;S/User=u;");
  EXPECT_EQ(shown("a=b \\\nc=d", {}), "/a=b \\;/c=d;");
}

TEST(SectionsTest, AStrictReaderRefusesNonsenseWithItsLine) {
  EXPECT_EQ(shown("[a]\nnonsense\n", kIndented), "line 2: neither key nor section");
  EXPECT_EQ(shown("[a]\n=x\n", kIndented), "line 2: neither key nor section");
  EXPECT_EQ(shown("[a\n", kIndented), "line 1: a section without its ]");
  EXPECT_EQ(shown("[a]\n  x\n", kIndented), "line 2: a continuation of nothing");
}

TEST(SectionsTest, OthersPassOverNonsense) {
  EXPECT_EQ(shown("[S]\nnonsense\n=x\nUser=u\n", kBackslash), "S/User=u;");
}

}  // namespace
}  // namespace assay::agent
