#include "agent/probes/linux/hardening/sshd/include_files.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"

namespace assay::agent {
namespace {

using Paths = std::vector<std::string>;

TEST(IncludeFiles, AreSortedAndLeaveOutHiddenOnes) {
  MapHost host{{"/etc/d/b.conf", ""},
               {"/etc/d/a.conf", ""},
               {"/etc/d/.c.conf", ""},
               {"/etc/d/x.conf.bak", ""}};
  EXPECT_EQ(files_that_match(host, "/etc/d/*.conf").value(),
            (Paths{"/etc/d/a.conf", "/etc/d/b.conf"}));
}

TEST(IncludeFiles, AnyPartMayHaveWildcards) {
  MapHost host{{"/etc/d1/x", ""}, {"/etc/d2/x", ""}, {"/etc/e/x", ""}};
  EXPECT_EQ(files_that_match(host, "/etc/d[12]/?").value(), (Paths{"/etc/d1/x", "/etc/d2/x"}));
}

TEST(IncludeFiles, NothingThatFitsIsNoError) {
  MapHost host{{"/etc/x", ""}};
  EXPECT_EQ(files_that_match(host, "/etc/none/*.conf").value(), Paths{});
  EXPECT_EQ(files_that_match(host, "/etc/none").value(), Paths{});
}

TEST(IncludeFiles, AFolderThatCannotBeListedIsAnError) {
  MapHost host{{"/etc/d/a.conf", ""}};
  host.failing("/etc/d", Code::kPermissionDenied);
  EXPECT_FALSE(files_that_match(host, "/etc/d/*.conf").has_value());
}

}  // namespace
}  // namespace assay::agent
