#include "agent/host/tree_walk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "agent/host/live_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

class Seen final : public TreeVisitor {
 public:
  void visit(const TreeEntry& entry) override {
    EXPECT_TRUE(entry.path.ends_with(entry.name));
    EXPECT_TRUE(files.emplace(entry.path, entry.status).second) << entry.path << " came twice";
  }
  std::map<std::string, FileStatus, std::less<>> files;
};

TEST(TreeWalkTest, SeesEveryFileAndFolderWithItsStatus) {
  const ScratchFolder folder;
  folder.write("etc/deep/er/file", "12345");
  folder.write("empty", "");
  ::chmod((folder.path() / "empty").c_str(), 04755);
  Seen seen;
  const auto walk = LiveHost(folder.root()).walk(seen);
  ASSERT_TRUE(walk);
  EXPECT_EQ(walk->entries, 5);
  EXPECT_EQ(seen.files.at("/etc/deep/er/file").size_bytes, 5U);
  EXPECT_EQ(seen.files.at("/etc/deep").kind, FileKind::kDirectory);
  EXPECT_EQ(seen.files.at("/empty").mode, 04755U);
}

TEST(TreeWalkTest, ShowsALinkAndDoesNotFollowIt) {
  const ScratchFolder folder;
  folder.link("loop", ".");
  folder.link("out", "/etc");
  Seen seen;
  ASSERT_TRUE(LiveHost(folder.root()).walk(seen));
  EXPECT_EQ(seen.files.size(), 2U);
  EXPECT_EQ(seen.files.at("/loop").kind, FileKind::kSymlink);
}

TEST(TreeWalkTest, ALargeFolderIsSeenWhole) {
  const ScratchFolder folder;
  constexpr int kFiles = 3000;  // more than one read of the folder brings
  for (int i = 0; i < kFiles; ++i)
    folder.write("many/a-file-with-a-rather-long-name-" + std::to_string(i), "");
  Seen seen;
  ASSERT_TRUE(LiveHost(folder.root()).walk(seen));
  EXPECT_EQ(seen.files.size(), kFiles + 1U);
}

std::string deep_path(int levels) {
  std::string path;
  for (int i = 0; i < levels; ++i) path += "d/";
  return path;
}

TEST(TreeWalkTest, WhatLiesTooDeepIsNamedAndTheRestIsSeen) {
  const ScratchFolder folder;
  folder.write("home/eve/x/y/" + deep_path(kMaxWalkDepth) + "file", "");
  folder.write("home/eve/x/z/" + deep_path(kMaxWalkDepth) + "file", "");
  folder.write("usr/file", "");
  Seen seen;
  const auto walk = LiveHost(folder.root()).walk(seen);
  ASSERT_TRUE(walk);
  EXPECT_EQ(walk->too_deep, std::set<std::string>{"/home/eve/x"});
  EXPECT_FALSE(walk->has_more_too_deep);
  EXPECT_TRUE(seen.files.contains("/usr/file"));
}

TEST(TreeWalkTest, OfManyDeepPlacesTheFirstAreNamed) {
  const ScratchFolder folder;
  for (std::size_t i = 0; i < kMaxDeepPlaces + 5; ++i)
    folder.write("a/b/" + std::to_string(1000 + i) + "/" + deep_path(kMaxWalkDepth) + "file", "");
  Seen seen;
  const auto walk = LiveHost(folder.root()).walk(seen);
  ASSERT_TRUE(walk);
  EXPECT_EQ(walk->too_deep.size(), kMaxDeepPlaces);
  EXPECT_TRUE(walk->too_deep.contains("/a/b/1000"));
  EXPECT_TRUE(walk->has_more_too_deep);
}

// Root may read every folder, so root walks as somebody else here.
class AsSomebody {
 public:
  AsSomebody() : before_(::geteuid()) { EXPECT_TRUE(before_ != 0 || ::seteuid(kNobody) == 0); }
  ~AsSomebody() { EXPECT_EQ(::seteuid(before_), 0); }

 private:
  static constexpr ::uid_t kNobody = 65534;
  ::uid_t before_;
};

TEST(TreeWalkTest, AFolderThatMayNotBeReadIsCounted) {
  const ScratchFolder folder;
  folder.write("closed/file", "");
  ::chmod(folder.root().c_str(), 0755);
  ::chmod((folder.path() / "closed").c_str(), 0);
  LiveHost host(folder.root());
  Seen seen;
  const auto walk = [&] {
    const AsSomebody somebody;
    return host.walk(seen);
  }();
  ::chmod((folder.path() / "closed").c_str(), 0700);
  ASSERT_TRUE(walk);
  EXPECT_EQ(walk->unreadable, 1);
  EXPECT_EQ(walk->first_unreadable, "/closed");
}

// The whole tree of the machine is looked at elsewhere; here only what a mount changes.
TEST(TreeWalkTest, DoesNotEnterWhatTheKernelMakesUp) {
  class Counting final : public TreeVisitor {
   public:
    void visit(const TreeEntry& entry) override {
      in_proc += entry.path.starts_with("/proc/") || entry.path.starts_with("/sys/") ? 1 : 0;
      in_etc += entry.path.starts_with("/etc/") ? 1 : 0;
    }
    int in_proc = 0;
    int in_etc = 0;
  } counting;
  LiveHost host;
  const auto walk = host.walk(counting);
  ASSERT_TRUE(walk) << walk.error().message();
  EXPECT_EQ(counting.in_proc, 0);
  EXPECT_GT(counting.in_etc, 10);
}

}  // namespace
}  // namespace assay::agent
