#include "agent/probes/linux/hardening/desktop/key_file.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/hardening/desktop/time_span.h"
#include "agent/probes/linux/hardening/desktop/xfconf.h"

namespace assay::agent {
namespace {

TEST(KeyFile, ReadsGroupsAndKeysAndTheLastCounts) {
  const auto lines = parse_desktop_keys("# x\n[a/b]\nk = 1\n;y\nk=2\nno sign\n[c]\nk=3\n");
  const auto* found = last_desktop_key(lines, "a/b", "k");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->value, "2");
  EXPECT_EQ(found->line, 5);
  EXPECT_EQ(last_desktop_key(lines, "a/b", "none"), nullptr);
}

TEST(KeyFile, KnowsKdesLocks) {
  EXPECT_TRUE(parse_desktop_keys("[Daemon]\nTimeout[$i]=5\n")[0].is_locked);
  EXPECT_TRUE(parse_desktop_keys("[Daemon][$i]\nTimeout=5\n")[0].is_locked);
  EXPECT_TRUE(parse_desktop_keys("[$i]\n[Daemon]\nTimeout=5\n")[0].is_locked);
  EXPECT_FALSE(parse_desktop_keys("[Daemon]\nTimeout=5\n")[0].is_locked);
  EXPECT_EQ(parse_desktop_keys("[Daemon]\nTimeout[$i]=5\n")[0].key, "Timeout");
}

TEST(KeyFile, TakesAnyBytes) {
  EXPECT_TRUE(parse_desktop_keys("[").empty());
  EXPECT_TRUE(parse_desktop_keys("[]\n[$").empty());
  EXPECT_TRUE(parse_desktop_keys("=x").empty());
}

TEST(TimeSpan, ReadsSystemdsUnits) {
  EXPECT_EQ(systemd_seconds("15min"), 900);
  EXPECT_EQ(systemd_seconds("1h 30min 5"), 5405);
  EXPECT_EQ(systemd_seconds("infinity"), 0);
  EXPECT_EQ(systemd_seconds("soon"), std::nullopt);
  EXPECT_EQ(systemd_seconds("99999999999999999999"), std::nullopt);
}

TEST(TimeSpan, ReadsAClock) {
  EXPECT_EQ(clock_seconds("0:10:00"), 600);
  EXPECT_EQ(clock_seconds("10:30"), 630);
  EXPECT_EQ(clock_seconds("5"), 300);
  EXPECT_EQ(clock_seconds("1:2:3:4"), std::nullopt);
  EXPECT_EQ(clock_seconds(""), std::nullopt);
}

TEST(Xfconf, ReadsNestedProperties) {
  const auto values = parse_xfconf(
      "<channel name=\"x\"><property name=\"saver\" type=\"empty\" locked=\"*\">"
      "<property name=\"delay\" type=\"int\" value=\"5\"/></property>"
      "<property name=\"lock\" type=\"bool\" value=\"true\"/></channel>");
  EXPECT_EQ(values.at("/saver/delay").text, "5");
  EXPECT_TRUE(values.at("/saver/delay").is_locked);
  EXPECT_FALSE(values.at("/lock").is_locked);
}

TEST(Xfconf, EndsAtItsDepth) {
  std::string deep;
  for (std::size_t i = 0; i < 10 * kMaxXfconfDepth; ++i) deep += "<property name=\"a\">";
  EXPECT_TRUE(parse_xfconf(deep).empty());
  EXPECT_TRUE(parse_xfconf("<property name=\"a").empty());
}

}  // namespace
}  // namespace assay::agent
