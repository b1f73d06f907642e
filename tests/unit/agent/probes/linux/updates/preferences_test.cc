#include "agent/probes/linux/updates/apt/preferences.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

const AptRelease kStable{.origin = "Debian",
                         .label = "Debian",
                         .suite = "stable",
                         .version = "12.15",
                         .codename = "bookworm"};

bool matches(const std::string& pin) {
  const auto pins = parse_preferences("Package: *\nPin: " + pin + "\nPin-Priority: 5\n");
  return pins->at(0).matches({kStable, "deb.debian.org", "main"});
}

std::string failure(std::string_view text) {
  const auto pins = parse_preferences(text);
  return pins ? "no failure" : pins.error().message();
}

TEST(PreferencesTest, AReleaseIsMatchedByEachOfItsNames) {
  for (const auto* pin : {"release a=stable", "release n=bookworm", "release o=Debian, l=Debian",
                          "release v=12.*", "release c=main", "release stable", "release 12*",
                          "release n=book*", "origin deb.debian.org", "origin \"deb.debian.org\""})
    EXPECT_TRUE(matches(pin)) << pin;
}

TEST(PreferencesTest, EveryConditionMustHold) {
  for (const auto* pin : {"release a=testing", "release o=Debian, a=testing", "release x=1",
                          "origin example.org", "origin \"\"", "version 1"})
    EXPECT_FALSE(matches(pin)) << pin;
}

TEST(PreferencesTest, PatternsNamePackagesAndTheirSources) {
  const auto pins = parse_preferences(
      "Explanation: why\nPackage: postgresql-* libc6:amd64 src:glibc\nPin: version 1.2*\n"
      "Pin-Priority: 1001\n");
  const auto& pin = pins->at(0);
  EXPECT_TRUE(pin.names("postgresql-15", "postgresql-15"));
  EXPECT_TRUE(pin.names("libc6", "x"));
  EXPECT_TRUE(pin.names("libc-bin", "glibc"));
  EXPECT_FALSE(pin.names("mypostgresql-15", "x"));
  EXPECT_TRUE(pin.matches_version("1.2.3"));
  EXPECT_FALSE(pin.matches_version("1.3"));
}

TEST(PreferencesTest, WhatAptRefusesIsRefusedWithItsLine) {
  EXPECT_EQ(failure("\nPin: release a=x\nPin-Priority: 1\n"), "line 2: a pin without Package");
  EXPECT_EQ(failure("Package: a\nPin: release a=x\n"), "line 1: a pin without Pin-Priority");
  EXPECT_EQ(failure("nonsense\n"), "line 1: not a field");
}

TEST(PreferencesTest, ARegularExpressionIsSaidNotToBeUnderstood) {
  const auto pins = parse_preferences("Package: /^lib/\nPin: release a=x\nPin-Priority: 1\n");
  EXPECT_FALSE(pins->at(0).is_understood());
}

TEST(PreferencesTest, TheFolderIsReadBeforeTheFile) {
  MemoryHost host;
  host.files = {{"/etc/apt/preferences", "Package: a\nPin: version 1\nPin-Priority: 1\n"},
                {"/etc/apt/preferences.d/b.pref", "Package: b\nPin: version 1\nPin-Priority: 1\n"},
                {"/etc/apt/preferences.d/c.bak", "nonsense"}};
  const auto pins = read_preferences(host);
  ASSERT_EQ(pins->size(), 2U);
  EXPECT_EQ(pins->at(0).packages[0], "b");
}

}  // namespace
}  // namespace assay::agent
