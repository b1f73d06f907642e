#include "agent/probes/linux/hardening/files/sensitive_files.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

class SensitiveFilesTest : public testing::Test {
 protected:
  SensitiveFilesTest() {
    host_.files["/etc/passwd"] =
        "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n";
    host_.files["/etc/group"] = "root:x:0:\nalice:x:1000:\n";
    host_.files["/var/lib/dpkg/info/passwd.list"] = "/.\n/usr/bin/passwd\n";
  }
  void file(const std::string& path, std::uint32_t mode, std::uint32_t uid = 0,
            const std::string& content = "x") {
    host_.files[path] = content;
    host_.statuses[path] = {.kind = FileKind::kRegular,
                            .mode = mode,
                            .uid = uid,
                            .gid = uid,
                            .size_bytes = content.size()};
  }
  void folder(const std::string& path, std::uint32_t mode, std::uint32_t uid = 0) {
    host_.files[path + "/x"] = "";
    host_.statuses[path] = {.kind = FileKind::kDirectory, .mode = mode, .uid = uid, .gid = uid};
  }
  Result<evidence::Table> table() {
    SensitiveFiles walker;
    const auto walk = host_.walk(walker);
    return walker.finish(host_, *walk);
  }
  // "kind|mode|reason" of the row of `path`.
  std::string at(std::string_view path) {
    const auto rows = good(table());
    for (std::size_t i = 0; i < rows.rows().size(); ++i)
      if (row(rows, i, {"path"}) == path) return row(rows, i, {"kind", "mode", "reason"});
    return "no such row";
  }
  MemoryHost host_;
};

constexpr const char* kKey =
    "-----BEGIN PRIVATE"
    " KEY-----\nMII\n";

TEST_F(SensitiveFilesTest, AKeyThatOthersMayReadIsNamed) {
  file("/etc/nginx/a.key", 0644, 0, kKey);
  file("/etc/nginx/b.key", 0600, 0, kKey);
  EXPECT_EQ(at("/etc/nginx/a.key"), "private_key|0644|others_read,group_read");
  EXPECT_EQ(at("/etc/nginx/b.key"), "private_key|0600|NULL");
}

TEST_F(SensitiveFilesTest, AFileThatHasOnlyTheNameOfAKeyIsNoKey) {
  file("/etc/nginx/ca.pem", 0644, 0, "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(at("/etc/nginx/ca.pem"), "no such row");
}

TEST_F(SensitiveFilesTest, ASetuidProgramShowsItsPackage) {
  file("/usr/bin/passwd", 04755);
  file("/opt/own", 04755);
  file("/opt/group", 02755);
  file("/opt/locked", 02644);
  const auto rows = good(table());
  EXPECT_EQ(cell(rows, "path", "/usr/bin/passwd", "package"), "passwd");
  EXPECT_EQ(at("/opt/own"), "setuid|4755|no_package");
  EXPECT_EQ(at("/opt/group"), "setgid|2755|no_package");
  EXPECT_EQ(at("/opt/locked"), "no such row");
}

TEST_F(SensitiveFilesTest, WithoutPackageListsNothingIsSaidOfPackages) {
  host_.files.erase("/var/lib/dpkg/info/passwd.list");
  file("/opt/own", 04755);
  EXPECT_EQ(at("/opt/own"), "setuid|4755|package_unknown");
}

TEST_F(SensitiveFilesTest, WhatAnyoneMayChangeIsListedInSystemPlaces) {
  file("/opt/app.conf", 0666);
  file("/home/alice/open", 0666);
  folder("/srv/drop", 0777);
  folder("/srv/sticky", 01777);
  EXPECT_EQ(at("/opt/app.conf"), "world_writable_file|0666|others_write");
  EXPECT_EQ(at("/home/alice/open"), "no such row");
  EXPECT_EQ(at("/srv/drop"), "world_writable_folder|0777|others_write");
  EXPECT_EQ(at("/srv/sticky"), "no such row");
}

TEST_F(SensitiveFilesTest, PasswordFilesAreAlwaysListed) {
  file("/etc/shadow", 0644);
  file("/etc/sudoers.d/x", 0440, 1000);
  EXPECT_EQ(at("/etc/shadow"), "password_file|0644|others_read");
  EXPECT_EQ(at("/etc/sudoers.d/x"), "sudoers|0440|wrong_owner");
}

TEST_F(SensitiveFilesTest, HomesAndPrivateFoldersAreListed) {
  folder("/home/alice", 0755, 1000);
  folder("/home/alice/.ssh", 0700, 1000);
  EXPECT_EQ(at("/home/alice"), "home_folder|0755|others_read");
  EXPECT_EQ(at("/home/alice/.ssh"), "private_folder|0700|NULL");
}

TEST_F(SensitiveFilesTest, ANumberWithoutAnAccountHasOneRow) {
  file("/srv/b", 0644, 4242);
  file("/srv/a", 0644, 4242);
  EXPECT_EQ(at("/srv/a"), "no_owner|0644|no_account");
  EXPECT_EQ(at("/srv/b"), "no such row");
  host_.files["/etc/nsswitch.conf"] = "passwd: files sss\n";
  EXPECT_EQ(at("/srv/a"), "no_owner|0644|directory_not_asked");
  host_.files["/etc/subuid"] = host_.files["/etc/subgid"] = "alice:4000:1000\n";
  EXPECT_EQ(at("/srv/a"), "no such row");
}

TEST_F(SensitiveFilesTest, LayersOfContainersAreLeftOut) {
  file("/var/lib/docker/overlay2/a/bin/su", 04755, 4242);
  EXPECT_EQ(at("/var/lib/docker/overlay2/a/bin/su"), "no such row");
}

TEST_F(SensitiveFilesTest, WhatWasNotSeenIsNoTable) {
  SensitiveFiles walker;
  const auto rows = walker.finish(host_, {.unreadable = 2, .first_unreadable = "/root"});
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code(), Code::kPermissionDenied);
}

TEST_F(SensitiveFilesTest, WhatOneAccountPilesUpDoesNotHideTheRest) {
  for (std::size_t i = 0; i <= kMaxSensitiveFiles; ++i)
    file("/opt/x/" + std::to_string(i), 0666, 1001);
  file("/usr/bin/open", 0666);
  EXPECT_EQ(at("/usr/bin/open"), "world_writable_file|0666|others_write");
  EXPECT_EQ(at("/opt/x/1"), "no such row");
  const auto rows = table();
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(cell(*rows, "kind", "not_looked_at", "path"), "/opt/x");
  EXPECT_EQ(cell(*rows, "kind", "not_looked_at", "note"),
            "not looked at: files to list of uid 1001, because there are more than 20000, or their "
            "paths are too long");
}

TEST_F(SensitiveFilesTest, PlacesThatLieTooDeepHaveARow) {
  SensitiveFiles walker;
  const auto rows = walker.finish(host_, {.too_deep = {"/home/eve/x"}});
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(cell(*rows, "path", "/home/eve/x", "note"),
            "not looked at: folders below lie deeper than 128 levels");
}

}  // namespace
}  // namespace assay::agent
