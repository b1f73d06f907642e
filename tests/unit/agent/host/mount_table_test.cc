#include "agent/host/mount_table.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(MountTableTest, ReadsTheKernelsLine) {
  const auto mounts = parse_mount_info(
      "36 35 98:0 /sub /mnt rw,noatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=continue\n");
  ASSERT_EQ(mounts.size(), 1U);
  EXPECT_EQ(mounts[0].point, "/mnt");
  EXPECT_EQ(mounts[0].root, "/sub");
  EXPECT_EQ(mounts[0].kind, "ext4");
  EXPECT_EQ(mounts[0].source, "/dev/sda1");
  EXPECT_EQ(mounts[0].options, "rw,noatime");
}

TEST(MountTableTest, ALineNeedsNoOptionalFieldAndMayEscapeSpaces) {
  const auto mounts = parse_mount_info("1 2 0:5 / /my\\040disk rw - nfs4 nas:/a\\134b rw\n");
  ASSERT_EQ(mounts.size(), 1U);
  EXPECT_EQ(mounts[0].point, "/my disk");
  EXPECT_EQ(mounts[0].source, "nas:/a\\b");
}

TEST(MountTableTest, WhatDoesNotParseIsNoMount) {
  EXPECT_TRUE(parse_mount_info("\n1 2\n1 2 0:5 / /x rw shared:1\nnonsense\n").empty());
}

std::string seen(std::string_view table) {
  std::string names;
  for (const auto& mount : parse_mount_info(table)) names += mount.source + ' ';
  return names;
}

TEST(MountTableTest, OnlyWhatLiesOnTopIsSeen) {
  EXPECT_EQ(seen("1 0 8:1 / / rw - ext4 disk rw\n2 1 0:5 / /t rw - tmpfs below rw\n"
                 "3 2 0:6 / /t rw - tmpfs above rw\n"),
            "disk above ");
  // Moved there: it is the older of the two.
  EXPECT_EQ(seen("1 0 8:1 / / rw - ext4 disk rw\n2 3 0:5 / /t rw - tmpfs moved rw\n"
                 "3 1 0:6 / /t rw - tmpfs younger rw\n"),
            "disk moved ");
}

TEST(MountTableTest, WhatAnotherMountHidesIsNotSeen) {
  constexpr std::string_view kHidden =
      "1 0 8:1 / / rw - ext4 disk rw\n2 1 0:5 / /a rw - tmpfs outer rw\n"
      "3 2 0:6 / /a/b rw - tmpfs inner rw\n4 3 0:7 / /a/b/c rw - tmpfs within rw\n"
      "5 1 0:8 / /ab rw - tmpfs beside rw\n";
  EXPECT_EQ(seen(kHidden), "disk outer inner within beside ");
  EXPECT_EQ(seen(std::string(kHidden) + "6 2 0:9 / /a rw - tmpfs cover rw\n"),
            "disk beside cover ");
  EXPECT_EQ(seen("1 0 8:1 / / rw - ext4 disk rw\n2 1 0:5 / /a/b rw - tmpfs inner rw\n"
                 "3 1 0:6 / /a rw - tmpfs cover rw\n"),
            "disk cover ");
  EXPECT_EQ(seen("1 0 8:1 / / rw - ext4 disk rw\n2 1 0:5 / /a rw - tmpfs under rw\n"
                 "3 1 0:6 / / rw - ext4 root rw\n"),
            "root ");
}

TEST(MountTableTest, AnUnknownKindIsAwayRatherThanLocal) {
  EXPECT_EQ(use_of("ext4"), MountUse::kLocal);
  EXPECT_EQ(use_of("proc"), MountUse::kKernel);
  for (const auto* kind : {"nfs4", "cifs", "fuse.sshfs", "9p", "ceph", "somethingnew"})
    EXPECT_EQ(use_of(kind), MountUse::kAway) << kind;
}

std::string walked(std::string_view table) {
  std::string points;
  for (const auto& point : walked_points(parse_mount_info(table))) points += point + ' ';
  return points;
}

TEST(MountTableTest, ABindMountOfWhatIsSeenElsewhereIsNotWalked) {
  EXPECT_EQ(walked("1 0 8:1 / / rw - ext4 a rw\n2 1 8:1 /srv/x /mnt rw - ext4 a rw\n"
                   "3 1 8:2 / /data rw - xfs b rw\n4 1 8:2 / /again/data rw - xfs b rw\n"),
            "/ /again/data ");
}

TEST(MountTableTest, SubvolumesOfBtrfsAreWalkedAndTheirSnapshotsAreNot) {
  EXPECT_EQ(walked("1 0 0:30 /@/.snapshots/1/snapshot / rw - btrfs a rw\n"
                   "2 1 0:30 /@/home /home rw - btrfs a rw\n"
                   "3 1 0:30 /@/.snapshots /.snapshots rw - btrfs a rw\n"
                   "4 1 0:30 /@/homes /srv rw - btrfs a rw\n"),
            "/ /home /srv ");
}

TEST(MountTableTest, AVolumeInAContainerIsWalked) {
  EXPECT_EQ(walked("1 0 0:50 / / rw - overlay overlay rw\n"
                   "2 1 8:1 /var/lib/docker/volumes/v/_data /data rw - ext4 a rw\n"),
            "/data ");
}

TEST(MountTableTest, AHiddenMountDoesNotStandInForOneThatIsSeen) {
  EXPECT_EQ(walked("1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /a/data rw - ext4 b rw\n"
                   "3 1 0:5 / /a rw - tmpfs t rw\n4 1 8:2 / /b/data rw - ext4 b rw\n"),
            "/ /a /b/data ");
}

TEST(MountTableTest, WhatOnlyAnOverlayOrANetworkLeadsToIsSeenElsewhere) {
  EXPECT_EQ(walked("1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / /nas rw - nfs4 n rw\n"
                   "3 2 8:2 / /nas/disk rw - ext4 b rw\n4 1 8:2 /x /x rw - ext4 b rw\n"),
            "/ /nas/disk /x ");
}

}  // namespace
}  // namespace assay::agent
