#include "agent/probes/linux/operations/settings/ini_file.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(IniFileTest, KnowsSectionKeyValueAndLine) {
  const auto entries = parse_ini("# a\n[Journal]\n  Storage = persistent \r\n;x=1\nword\n").value();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].section, "Journal");
  EXPECT_EQ(entries[0].key, "Storage");
  EXPECT_EQ(entries[0].value, "persistent");
  EXPECT_EQ(entries[0].line, 3);
}

TEST(IniFileTest, TheLastEntryCountsWithoutRegardToCase) {
  const auto entries = parse_ini("[globals]\nport=1\nPort=2\n[x]\nport=3\n").value();
  EXPECT_EQ(find_entry(entries, "Globals", "port")->value, "2");
  EXPECT_EQ(find_entry(entries, "Globals", "ports"), nullptr);
}

TEST(IniFileTest, AMarkOfTheByteOrderIsPassedOver) {
  EXPECT_EQ(parse_ini("\xef\xbb\xbf[a]\nb=c\n").value().at(0).section, "a");
}

TEST(IniFileTest, ASectionWithoutItsBracketTakesTheLine) {
  EXPECT_EQ(parse_ini("[a\nb=c\n").value().at(0).section, "a");
}

TEST(IniFileTest, RefusesBinaryAndTooMuch) {
  EXPECT_FALSE(parse_ini(std::string_view("a=\0b", 4)).has_value());
  std::string many;
  for (std::size_t i = 0; i <= kMaxIniEntries; ++i) many += "a=b\n";
  EXPECT_FALSE(parse_ini(many).has_value());
}

}  // namespace
}  // namespace assay::agent
