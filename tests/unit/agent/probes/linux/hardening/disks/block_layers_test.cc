#include "agent/probes/linux/hardening/disks/block_layers.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/hardening/disks/disk_host.h"

namespace assay::agent {
namespace {

class BlockLayersTest : public testing::Test, protected DiskHost {
 protected:
  std::string below(const std::string& name) {
    BlockDevices devices(host, mounts_);
    const auto layers = devices.below(name);
    if (!layers) return layers.error().message();
    const std::string state = !layers->is_encrypted   ? "unknown"
                              : *layers->is_encrypted ? "encrypted"
                                                      : "open";
    return state + "|" + layers->type + "|" + layers->layers;
  }
  std::vector<Mount> mounts_;
};

TEST(MapperCipher, KnowsWhatEncryptsFromWhatDoesNot) {
  EXPECT_EQ(mapper_cipher(kLuks2Uuid)->type, "LUKS2");
  EXPECT_EQ(mapper_cipher(kLuks2Uuid)->uuid, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(mapper_cipher("CRYPT-LUKS1-0-x")->type, "LUKS1");
  EXPECT_EQ(mapper_cipher("CRYPT-PLAIN-swap")->type, "plain");
  EXPECT_EQ(mapper_cipher("CRYPT-BITLK-0-x")->type, "BitLocker");
  for (const auto* other : {"CRYPT-VERITY-0-x", "CRYPT-INTEGRITY-0-x", "LVM-abc", "", "CRYPT-"})
    EXPECT_FALSE(mapper_cipher(other).has_value()) << other;
}

TEST_F(BlockLayersTest, ADiskOfItsOwnIsOpen) {
  add_device("vda1", "254:1");
  EXPECT_EQ(below("vda1"), "open|none|disk");
}

TEST_F(BlockLayersTest, FindsTheCipherBelowLvm) {
  add_device("dm-1", "253:1", {"dm-0"}, "LVM-xyz");
  add_device("dm-0", "253:0", {"vda3"}, kLuks2Uuid);
  EXPECT_EQ(below("dm-1"), "encrypted|LUKS2|lvm on LUKS2");
}

TEST_F(BlockLayersTest, ARaidIsOnlyAsEncryptedAsItsWorstPart) {
  add_device("md0", "9:0", {"dm-0", "sdb1"});
  add_device("dm-0", "253:0", {"sda1"}, kLuks2Uuid);
  add_device("sdb1", "8:17");
  EXPECT_EQ(below("md0"), "open|none|raid on disk");
}

TEST_F(BlockLayersTest, AVerifiedDeviceIsNotEncrypted) {
  add_device("dm-0", "253:0", {"vda2"}, "CRYPT-VERITY-0123-usr");
  add_device("vda2", "254:2");
  EXPECT_EQ(below("dm-0"), "open|none|verity on disk");
}

TEST_F(BlockLayersTest, ALoopDeviceIsAsItsFile) {
  add_device("loop0", "7:0");
  host.files["/sys/class/block/loop0/loop/backing_file"] = "/srv/image\n";
  add_device("dm-0", "253:0", {"vda3"}, kLuks2Uuid);
  mounts_.push_back({.device_major = 253,
                     .point = "/srv",
                     .root = "/",
                     .kind = "ext4",
                     .source = "/dev/dm-0",
                     .options = {},
                     .super_options = {}});
  EXPECT_EQ(below("loop0"), "encrypted|LUKS2|file on LUKS2");
}

TEST_F(BlockLayersTest, DevicesThatLieOnEachOtherEnd) {
  add_device("dm-0", "253:0", {"dm-1"}, "LVM-a");
  add_device("dm-1", "253:1", {"dm-0"}, "LVM-b");
  EXPECT_TRUE(below("dm-0").starts_with("unknown||"));
}

}  // namespace
}  // namespace assay::agent
