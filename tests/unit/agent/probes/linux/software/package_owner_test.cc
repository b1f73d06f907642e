#include "agent/probes/linux/software/package_owner.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/software/other_owners.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"

namespace assay::agent {
namespace {

using Owners = std::map<std::string, std::string>;

constexpr const char* kApk = "/lib/apk/db/installed";
constexpr const char* kInstalled =
    "C:Q1x=\nP:openssh-server\nV:9.6-r0\nF:usr\nF:usr/sbin\nR:sshd\na:0:0:755\n\n"
    "P:busybox\nV:1-r0\nF:bin\nR:busybox\n\n";

Owners owners(Host& host, const std::set<std::string>& paths) {
  const auto found = find_package_owners(host, paths);
  EXPECT_TRUE(found.has_value());
  return found.value_or(Owners{});
}

TEST(PackageOwnerTest, ApkNamesTheOwnersOnItsSystems) {
  MemoryHost host;
  host.files = {{kApk, kInstalled}};
  EXPECT_EQ(owners(host, {"/usr/sbin/sshd", "/bin/busybox", "/opt/tool"}),
            (Owners{{"/usr/sbin/sshd", "openssh-server"}, {"/bin/busybox", "busybox"}}));
}

TEST(PackageOwnerTest, AFileMayBeListedThroughAFolderThatIsALink) {
  MemoryHost host;
  host.files = {{kApk, kInstalled}};
  host.links = {{"/bin", "usr/bin"}};
  EXPECT_EQ(owners(host, {"/usr/bin/busybox"}), (Owners{{"/usr/bin/busybox", "busybox"}}));
}

TEST(PackageOwnerTest, LinksMayLeadToLinks) {
  MemoryHost host;
  host.links = {{"/usr/sbin", "bin"}, {"/sbin", "usr/sbin"}, {"/bin", "/usr/bin/"}};
  EXPECT_EQ(names_of_file(host, "/usr/bin/x"),
            (std::set<std::string>{"/bin/x", "/sbin/x", "/usr/bin/x", "/usr/sbin/x"}));
  EXPECT_EQ(names_of_file(host, "/usr/binary"), std::set<std::string>{"/usr/binary"});
}

class RpmOwnerTest : public testing::TestWithParam<const char*> {};

TEST_P(RpmOwnerTest, RpmNamesTheOwnersWhateverTheFormOfItsDatabase) {
  auto host = fixture_host(GetParam());
  const std::string owned = "/usr/share/assay-large/a-file-with-a-long-name-1";
  EXPECT_EQ(owners(host, {owned, "/usr/sbin/nobodys"}), (Owners{{owned, "assay-large"}}));
}

INSTANTIATE_TEST_SUITE_P(Forms, RpmOwnerTest,
                         testing::Values("rpm_sqlite", "rpm_ndb", "rpm_bdb"));

TEST(PackageOwnerTest, ADatabaseThatWeMayNotReadIsAnErrorADamagedOneNamesNobody) {
  MemoryHost memory;
  memory.files = {{"/var/lib/rpm/Packages", "nonsense"}, {kApk, kInstalled}};
  EXPECT_EQ(owners(memory, {"/usr/bin/x"}), Owners{});
  for (const auto* path : {"/var/lib/rpm/Packages", kApk}) {
    FailingHost host(memory);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    const auto found = find_package_owners(host, {"/usr/bin/x"});
    ASSERT_FALSE(found.has_value()) << path;
    EXPECT_EQ(found.error().code(), Code::kPermissionDenied);
  }
}

TEST(PackageOwnerTest, ASystemWithoutAPackageManagerOwnsNothing) {
  MemoryHost host;
  EXPECT_EQ(owners(host, {"/usr/bin/x"}), Owners{});
}

}  // namespace
}  // namespace assay::agent
