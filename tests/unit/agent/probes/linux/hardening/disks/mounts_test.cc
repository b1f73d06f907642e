#include "agent/probes/linux/hardening/disks/mounts.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/hardening/disks/disk_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

class MountsTest : public testing::Test, protected DiskHost {
 protected:
  std::string at(const std::string& path, const std::vector<std::string_view>& columns) {
    const auto table = good(collect_mounts(host));
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      if (row(table, i, {"path"}) == path) return row(table, i, columns);
    return "no such row";
  }
};

TEST_F(MountsTest, ShowsTheOptionsThatProtect) {
  mount("0:6", "/tmp", "tmpfs", "tmpfs", "rw,nosuid,nodev");
  EXPECT_EQ(at("/tmp", {"nodev", "nosuid", "noexec", "read_only", "network"}), "1|1|0|0|0");
}

TEST_F(MountsTest, BlanksInPathsAreRead) {
  mount("254:1", "/mnt/my\\040disk", "ext4", "/dev/vda1");
  EXPECT_EQ(at("/mnt/my disk", {"device"}), "/dev/vda1");
}

TEST_F(MountsTest, AMountThatAnotherHidesIsLeftOut) {
  mount("0:6", "/dev/shm", "tmpfs", "first");
  mount("0:7", "/dev/shm", "tmpfs", "second");
  EXPECT_EQ(at("/dev/shm", {"device"}), "second");
  EXPECT_EQ(good(collect_mounts(host)).rows().size(), 1U);
}

TEST_F(MountsTest, LeavesOutTheKernelsOwnAndWhatComesAndGoes) {
  mount("0:5", "/proc", "proc", "proc");
  mount("0:8", "/run/user/1000", "tmpfs", "tmpfs");
  mount("0:9", "/var/lib/docker/overlay2/a/merged", "overlay", "overlay");
  mount("0:6", "/tmp", "tmpfs", "tmpfs");
  EXPECT_EQ(good(collect_mounts(host)).rows().size(), 1U);
}

TEST_F(MountsTest, SecretsInOptionsAndSharesAreLeftOut) {
  EXPECT_EQ(stable_options("rw,username=a,password=canary,secretfile=x,lowerdir=/x,nosuid"),
            "rw,username=a,nosuid");
  mount("0:9", "/dav", "fuse.davfs", "https://user:canary@host/dav");
  EXPECT_EQ(at("/dav", {"device", "network"}), "https://host/dav|1");
}

TEST_F(MountsTest, FollowsALinkOfDev) {
  host.links["/dev/mapper/root"] = "../dm-0";
  mount("253:0", "/", "ext4", "/dev/mapper/root");
  EXPECT_EQ(at("/", {"device", "device_alias"}), "/dev/mapper/root|/dev/dm-0");
}

}  // namespace
}  // namespace assay::agent
