#include "agent/probes/linux/libraries/candidates.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

// Adds a file of that owner.
void add(Candidates& found, const std::string& path, std::uint32_t uid = 0) {
  const FileStatus status{.uid = uid};
  found.add({path, path, status});
}

TEST(CandidatesTest, GivesWhatWasAdded) {
  Candidates found("things", 2);
  add(found, "/a");
  add(found, "/b");
  EXPECT_EQ(found.take({.entries = 9}), (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(found.unseen({.entries = 9}), std::vector<UnseenPlace>{});
}

TEST(CandidatesTest, MoreThanTheBoundGivesUpAShareAndSaysSo) {
  Candidates found("things", 2);
  add(found, "/tmp/1", 7);
  add(found, "/usr/lib/a");
  add(found, "/tmp/2", 7);
  add(found, "/tmp/3", 7);
  EXPECT_EQ(found.take({.entries = 9}), std::vector<std::string>{"/usr/lib/a"});
  EXPECT_EQ(found.unseen({.entries = 9}),
            (std::vector<UnseenPlace>{{"/tmp",
                                       "not looked at: things of uid 7, because there are more "
                                       "than 2, or their paths are too long"}}));
}

TEST(CandidatesTest, LongPathsAreBoundedTogether) {
  Candidates found("things", 1'000'000);
  const std::string name(4000, 'x');
  for (int i = 0; i < 10'000; ++i) add(found, "/srv/" + name, 5);
  EXPECT_TRUE(found.take({.entries = 9})->empty());
  EXPECT_EQ(found.unseen({.entries = 9}).size(), 1U);
}

TEST(CandidatesTest, AFolderThatWasNotSeenMakesTheTableUnknown) {
  Candidates found("things", 2);
  add(found, "/a");
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
