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

TEST(MountTableTest, AnUnknownKindIsAwayRatherThanLocal) {
  EXPECT_EQ(use_of("ext4"), MountUse::kLocal);
  EXPECT_EQ(use_of("proc"), MountUse::kKernel);
  for (const auto* kind : {"nfs4", "cifs", "fuse.sshfs", "9p", "ceph", "somethingnew"})
    EXPECT_EQ(use_of(kind), MountUse::kAway) << kind;
}

}  // namespace
}  // namespace assay::agent
