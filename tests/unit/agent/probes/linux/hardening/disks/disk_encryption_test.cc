#include "agent/probes/linux/hardening/disks/disk_encryption.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/hardening/disks/disk_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

class DiskEncryptionTest : public testing::Test, protected DiskHost {
 protected:
  std::string at(const std::string& path) {
    const auto table = good(collect_disk_encryption(host));
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      if (row(table, i, {"path"}) == path)
        return row(table, i, {"name", "encrypted", "type", "encryption_status"});
    return "no such row";
  }
};

TEST_F(DiskEncryptionTest, FollowsAnEncryptedRootAndAnOpenBootPartition) {
  add_device("vda1", "254:1");
  add_device("dm-0", "253:0", {"vda3"}, kLuks2Uuid);
  mount("253:0", "/", "ext4", "/dev/mapper/vda3_crypt");
  mount("254:1", "/boot", "ext4", "/dev/vda1");
  EXPECT_EQ(at("/"), "/dev/mapper/vda3_crypt|1|LUKS2|encrypted");
  EXPECT_EQ(at("/boot"), "/dev/vda1|0|none|not encrypted");
}

TEST_F(DiskEncryptionTest, BtrfsIsFoundByTheNameOfItsDevice) {
  add_device("dm-0", "253:0", {"vda3"}, kLuks2Uuid);
  host.links["/dev/mapper/root"] = "../dm-0";
  mount("0:25", "/", "btrfs", "/dev/mapper/root", "rw", "/@");
  mount("0:25", "/home", "btrfs", "/dev/mapper/root", "rw", "/@home");
  EXPECT_EQ(at("/"), "/dev/mapper/root|1|LUKS2|encrypted");
  EXPECT_EQ(at("/home"), "/dev/mapper/root|1|LUKS2|encrypted");
}

TEST_F(DiskEncryptionTest, WhatEncryptsByItselfIsNotGuessed) {
  mount("0:40", "/tank", "zfs", "tank/data");
  EXPECT_EQ(at("/tank"), "tank/data|NULL|NULL|undefined");
  mount("0:41", "/home/a/private", "ecryptfs", "/home/a/.Private");
  EXPECT_EQ(at("/home/a/private"), "/home/a/.Private|1|ecryptfs|encrypted");
}

TEST_F(DiskEncryptionTest, ListsSwapButNotSwapInMemory) {
  add_device("dm-1", "253:1", {"vda2"}, "CRYPT-PLAIN-swap");
  add_device("zram0", "252:0");
  add_device("vda1", "254:1");
  mount("254:1", "/", "ext4", "/dev/vda1");
  host.files["/proc/swaps"] =
      "Filename Type Size Used Priority\n/dev/dm-1 partition 1 0 -2\n/dev/zram0 partition 1 0 5\n"
      "/swapfile file 1 0 -3\n";
  const auto table = good(collect_disk_encryption(host));
  EXPECT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(cell(table, "name", "/dev/dm-1", "type"), "plain");
  EXPECT_EQ(cell(table, "name", "/swapfile", "encrypted"), "0");
}

TEST_F(DiskEncryptionTest, LeavesOutWhatIsNoStorageOfThisMachine) {
  add_device("vda1", "254:1");
  mount("254:1", "/", "ext4", "/dev/vda1");
  mount("0:5", "/proc", "proc", "proc");
  mount("0:6", "/tmp", "tmpfs", "tmpfs");
  mount("0:7", "/mnt", "nfs4", "server:/x");
  mount("7:1", "/snap/core/1", "squashfs", "/dev/loop1");
  mount("254:1", "/var/bind", "ext4", "/dev/vda1", "rw", "/data");
  EXPECT_EQ(good(collect_disk_encryption(host)).rows().size(), 1U);
}

TEST_F(DiskEncryptionTest, AContainersRootIsNotKnown) {
  mount("0:50", "/", "overlay", "overlay");
  EXPECT_EQ(at("/"), "overlay|NULL|NULL|undefined");
}

TEST_F(DiskEncryptionTest, WithoutItsMountsThereIsNoTable) {
  EXPECT_FALSE(collect_disk_encryption(host).has_value());
  host.live = false;
  EXPECT_EQ(collect_disk_encryption(host).error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
