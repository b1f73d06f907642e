#include "agent/probes/linux/libraries/candidates.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(CandidatesTest, GivesWhatWasAdded) {
  Candidates found("things", 2);
  found.add("/a");
  found.add("/b");
  EXPECT_EQ(found.take({.entries = 9}), (std::vector<std::string>{"/a", "/b"}));
}

TEST(CandidatesTest, MoreThanTheBoundIsAnErrorNotAPart) {
  Candidates found("things", 2);
  for (const auto* path : {"/a", "/b", "/c"}) found.add(path);
  const auto taken = found.take({.entries = 9});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), Code::kTooLarge);
  EXPECT_EQ(taken.error().message(), "more than 2 things, or their paths are too long");
}

TEST(CandidatesTest, LongPathsAreBoundedTogether) {
  Candidates found("things", 1'000'000);
  const std::string path(4000, 'x');
  for (int i = 0; i < 10'000; ++i) found.add(path);
  EXPECT_EQ(found.take({.entries = 9}).error().code(), Code::kTooLarge);
}

TEST(CandidatesTest, AFolderThatWasNotSeenMakesTheTableUnknown) {
  Candidates found("things", 2);
  found.add("/a");
  const auto taken = found.take({.entries = 9, .unreadable = 3, .first_unreadable = "/root"});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), Code::kPermissionDenied);
  EXPECT_EQ(taken.error().message(), "3 folders could not be looked into, the first is /root");
}

TEST(CandidatesTest, AnEmptyFileSystemWasNotReallySeen) {
  EXPECT_EQ(Candidates("things", 2).take({}).error().code(), Code::kNotFound);
}

TEST(CandidatesTest, LayersOfImagesAreNotThisMachines) {
  for (const auto* path : {"/var/lib/docker/overlay2/0a/diff/usr/lib/x.jar",
                           "/var/lib/containers/storage/overlay/0a/diff/x.jar",
                           "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/x.jar",
                           "/home/jo/.local/share/containers/storage/overlay/0a/diff/x.jar"})
    EXPECT_TRUE(is_in_container_layer(path)) << path;
}

TEST(CandidatesTest, VolumesAndEverythingElseAre) {
  for (const auto* path : {"/var/lib/docker/volumes/data/_data/x.jar", "/var/lib/tomcat9/x.war",
                           "/home/jo/.local/share/app/x.jar", "/srv/overlay2/0a/diff/x.jar"})
    EXPECT_FALSE(is_in_container_layer(path)) << path;
}

}  // namespace
}  // namespace assay::agent
