#include "agent/probes/linux/updates/ini_file.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

std::string shown(std::string_view text, IniDialect dialect) {
  const auto entries = parse_ini(text, dialect);
  if (!entries) return entries.error().message();
  std::string all;
  for (const auto& entry : *entries)
    all.append(entry.section).append("/").append(entry.key).append("=").append(entry.value) += ';';
  return all;
}

TEST(IniFileTest, ReadsSectionsAndValues) {
  EXPECT_EQ(shown("# c\n[a]\nx = 1\n; c\n[b]\ny=2=3\n", IniDialect::kRepository),
            "a/=;a/x=1;b/=;b/y=2=3;");
}

TEST(IniFileTest, InARepositoryABlankContinues) {
  EXPECT_EQ(shown("[a]\nbaseurl=http://x\n  http://y\n", IniDialect::kRepository),
            "a/=;a/baseurl=http://x http://y;");
}

TEST(IniFileTest, InAUnitABackslashContinues) {
  EXPECT_EQ(shown("[S]\nExecStart=/bin/a \\\n  # c\n  -b\nUser=u\n", IniDialect::kUnit),
            "S/=;S/ExecStart=/bin/a -b;S/User=u;");
}

TEST(IniFileTest, NonsenseInARepositoryIsRefusedWithItsLine) {
  EXPECT_EQ(shown("[a]\nnonsense\n", IniDialect::kRepository), "line 2: neither key nor section");
  EXPECT_EQ(shown("[a\n", IniDialect::kRepository), "line 1: a section without its ]");
  EXPECT_EQ(shown("[a]\n  x\n", IniDialect::kRepository), "line 2: a continuation of nothing");
}

TEST(IniFileTest, NonsenseInAUnitIsSkippedAsSystemdDoes) {
  EXPECT_EQ(shown("[S]\nnonsense\n=x\nUser=u\n", IniDialect::kUnit), "S/=;S/User=u;");
}

}  // namespace
}  // namespace assay::agent
