#include "agent/probes/linux/libraries/programs/path_folders.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

using Folders = std::vector<std::string>;

TEST(PathFoldersTest, TheEnvironmentNamesFolders) {
  EXPECT_EQ(folders_in_environment("LANG=C\nPATH=\"/opt/a/bin:/usr/bin\"\n# PATH=/no\n"),
            (Folders{"/opt/a/bin", "/usr/bin"}));
  EXPECT_EQ(folders_in_environment("export PATH=/b:.:bin::$HOME/bin"), (Folders{"/b"}));
}

TEST(PathFoldersTest, LoginDefsNameFolders) {
  EXPECT_EQ(folders_in_login_defs("ENV_PATH\tPATH=/a:/b\nENV_SUPATH  /c\n#ENV_PATH /no\nX /no\n"),
            (Folders{"/a", "/b", "/c"}));
}

TEST(PathFoldersTest, HomesOfPeopleAreListedOnce) {
  EXPECT_EQ(homes_in_passwd("root:x:0:0::/root:/bin/sh\nbin:x:2:2::/bin:/x\nsys:x:3:3::/dev:/x\n"
                            "a:x:9:9::/home/a:/bin/sh\nb:x:9:9::/home/a:/bin/sh\n"
                            "n:x:9:9::/nonexistent:/x\nr:x:9:9::/:/x\nbroken\n"),
            (Folders{"/home/a", "/root"}));
}

TEST(PathFoldersTest, AllSourcesAreJoined) {
  MemoryHost host;
  host.files = {{"/etc/environment", "PATH=/e\n"},
                {"/etc/login.defs", "ENV_PATH PATH=/l\n"},
                {"/etc/passwd", "a:x:9:9::/home/a:/bin/sh\n"}};
  const auto folders = *path_folders(host);
  for (const auto* folder : {"/usr/local/bin", "/e", "/l", "/home/a/.local/bin"})
    EXPECT_NE(std::ranges::find(folders, folder), folders.end()) << folder;
}

TEST(PathFoldersTest, AFileThatCannotBeReadIsAnError) {
  MemoryHost inner;
  FailingHost host(inner);
  host.fail_path("/etc/environment", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(path_folders(host).error().code(), Code::kPermissionDenied);
}

}  // namespace
}  // namespace assay::agent
