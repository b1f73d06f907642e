#include "agent/probes/linux/text/file_patterns.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"

namespace assay::agent {
namespace {

using Paths = std::vector<std::string>;

TEST(FilePatternsTest, AreSortedAndLeaveOutHiddenOnes) {
  MapHost host{{"/etc/d/b.conf", ""},
               {"/etc/d/a.conf", ""},
               {"/etc/d/.c.conf", ""},
               {"/etc/d/x.conf.bak", ""}};
  EXPECT_EQ(files_that_match(host, "/etc/d/*.conf").value(),
            (Paths{"/etc/d/a.conf", "/etc/d/b.conf"}));
}

TEST(FilePatternsTest, AnyPartMayHaveWildcards) {
  MapHost host{{"/etc/d1/x", ""}, {"/etc/d2/x", ""}, {"/etc/e/x", ""}};
  EXPECT_EQ(files_that_match(host, "/etc/d[12]/?").value(), (Paths{"/etc/d1/x", "/etc/d2/x"}));
}

TEST(FilePatternsTest, NothingThatFitsIsNoError) {
  MapHost host{{"/etc/x", ""}};
  EXPECT_EQ(files_that_match(host, "/etc/none/*.conf").value(), Paths{});
  EXPECT_EQ(files_that_match(host, "/etc/none").value(), Paths{});
}

TEST(FilePatternsTest, AFolderThatCannotBeListedIsAnError) {
  MapHost host{{"/etc/d/a.conf", ""}};
  host.failing("/etc/d", Code::kPermissionDenied);
  EXPECT_FALSE(files_that_match(host, "/etc/d/*.conf").has_value());
}

TEST(FilePatternsTest, AreAsTheShellHasThem) {
  EXPECT_TRUE(matches_pattern("*.conf", "50-redhat.conf"));
  EXPECT_TRUE(matches_pattern("?", "a"));
  EXPECT_TRUE(matches_pattern("/var/log/*.log", "/var/log/a.log"));
  EXPECT_FALSE(matches_pattern("*.conf", "50-redhat.conf.rpmnew"));
  EXPECT_FALSE(matches_pattern("?", ""));
  EXPECT_FALSE(matches_pattern("*", ".hidden"));
  EXPECT_FALSE(matches_pattern("/var/*", "/var/log/a"));
}

TEST(FilePatternsTest, APatternThatWouldTakeForeverIsNotTried) {
  MapHost host{{"/etc/x", ""}};
  EXPECT_FALSE(matches_pattern("*a*a*a*a*a*a*a*a*a*b", std::string(200, 'a')));
  EXPECT_EQ(files_that_match(host, "/etc/*a*a*a*a*a*a*a*a*a*b").error().code(),
            Code::kNotSupported);
}

TEST(FilePatternsTest, OnlyAbsolutePathsAreUnderstood) {
  MapHost host{{"/etc/x", ""}};
  EXPECT_EQ(files_that_match(host, "x").error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
