#include "agent/probes/linux/software/bundles/flatpak_packages.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(FlatpakPackagesTest, ReadsTheSystemsInstallation) {
  auto host = fixture_host("bundles");
  const auto table = good(collect_flatpak_packages(host));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(row(table, 0, {"name", "version", "kind", "arch", "branch", "origin", "size"}),
            "org.assay.Sample|2.5.1|app|x86_64|stable|local|2048");
  EXPECT_EQ(row(table, 0, {"installation", "username", "end_of_life", "note"}),
            "system|NULL|NULL|NULL");
  EXPECT_EQ(row(table, 0, {"purl"}).substr(0, 65),
            "pkg:flatpak/local/org.assay.Sample@2.5.1?arch=x86_64&branch=stabl");
}

TEST(FlatpakPackagesTest, ReadsInstallationsInHomeFolders) {
  auto host = fixture_host("bundles");
  const auto table = good(collect_flatpak_packages(host));
  EXPECT_EQ(row(table, 1, {"name", "version", "kind", "installation", "username"}),
            "org.assay.Platform|NULL|runtime|user|meiling");
}

TEST(FlatpakPackagesTest, AHomeThatMayNotBeReadSaysSo) {
  auto image = fixture_host("bundles");
  FailingHost host(image);
  host.fail_path("/home/meiling", Error(Code::kPermissionDenied, "not ours"));
  const auto table = good(collect_flatpak_packages(host));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(row(table, 1, {"name", "username", "path", "note"}),
            "NULL|meiling|/home/meiling/.local/share/flatpak|listing "
            "/home/meiling/.local/share/flatpak/app: not ours");
}

TEST(FlatpakPackagesTest, AHomeOnTheNetworkIsNotLookedAt) {
  MemoryHost host;
  host.files = {{"/etc/passwd", "lin:x:1000:1000::/home/lin:/bin/sh\nsys:x:3:3::/dev:/bin/false\n"},
                {"/proc/self/mountinfo",
                 "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:5 / /home rw - nfs4 server:/home rw\n"
                 "3 1 0:6 / /dev rw - devtmpfs none rw\n"}};
  const auto table = good(collect_flatpak_packages(host));
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"name", "username", "note"}),
            "NULL|lin|the home folder is on nfs4, which is not looked at");
}

TEST(FlatpakPackagesTest, ASystemWithoutFlatpaksHasNone) {
  MemoryHost host;
  host.files = {{"/var/lib/dpkg/status", ""}};
  host.live = false;
  EXPECT_TRUE(good(collect_flatpak_packages(host)).rows().empty());
}

TEST(FlatpakPackagesTest, AFailureInTheSystemsInstallationFailsTheTable) {
  MemoryHost host;
  host.files = {{"/var/lib/flatpak/app/org.x/x86_64/stable/active/deploy", "torn"}};
  EXPECT_EQ(collect_flatpak_packages(host).error().code(), Code::kInvalidData);
}

TEST(FlatpakPackagesTest, AnEmptyFolderIsNoEvidence) {
  MemoryHost host;
  host.live = false;
  EXPECT_EQ(collect_flatpak_packages(host).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
