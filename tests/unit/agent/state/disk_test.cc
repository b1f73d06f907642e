#include "agent/state/disk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

class DiskTest : public testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const {
    return folder_.root() + "/" + name;
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    return read_state_file(at(name), 1 << 20).value_or("(none)");
  }
  ScratchFolder folder_;
  Disk disk_;
};

TEST_F(DiskTest, WriteReplacesTheWholeFile) {
  ASSERT_TRUE(disk_.write(at("a"), "a long first content"));
  ASSERT_TRUE(disk_.write(at("a"), "second"));
  EXPECT_EQ(content("a"), "second");
  EXPECT_EQ(list_state_folder(folder_.root())->size(), 1U);
}

TEST_F(DiskTest, ModeIsTheOneAskedForWhateverTheUmask) {
  const auto old = ::umask(0777);
  ASSERT_TRUE(disk_.write(at("key"), "secret", 0600));
  ::umask(old);
  struct stat status{};
  ASSERT_EQ(::stat(at("key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(DiskTest, AFullDiskLeavesTheOldContentAndNothingElse) {
  ASSERT_TRUE(disk_.write(at("a"), "old"));
  for (int fails_at = 0; fails_at < 3; ++fails_at) {
    int step = 0;
    Disk full([&step, fails_at] { return step++ == fails_at ? ENOSPC : 0; });
    const auto done = full.write(at("a"), "new");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), Code::kNoSpace);
    EXPECT_EQ(content("a"), "old");
  }
}

TEST_F(DiskTest, AppendThatDoesNotFitLeavesNoHalfLine) {
  ASSERT_TRUE(disk_.append(at("log"), "one\n"));
  int step = 0;
  Disk full([&step] { return ++step == 3 ? ENOSPC : 0; });
  ASSERT_FALSE(full.append(at("log"), std::string(100'000, 'x') + "\n"));
  EXPECT_EQ(content("log"), "one\n");
}

TEST_F(DiskTest, FoldersAppearWithAllTheirFilesOrNotAtAll) {
  ASSERT_TRUE(disk_.write_folder(at("s"), {{"x", "1"}, {"y", "2"}}));
  EXPECT_EQ(content("s/y"), "2");
  EXPECT_EQ(disk_.write_folder(at("s"), {{"x", "1"}}).error().code(), Code::kConflict);
  int step = 0;
  Disk full([&step] { return ++step == 4 ? ENOSPC : 0; });
  EXPECT_FALSE(full.write_folder(at("t"), {{"x", "1"}, {"y", "2"}}));
  EXPECT_EQ(list_state_folder(folder_.root()).value(), std::vector<std::string>{"s"});
}

TEST_F(DiskTest, RemoveAndCleanLeaveNothing) {
  ASSERT_TRUE(disk_.write_folder(at("s"), {{"x", "1"}}));
  folder_.write(".t.new/x", "left over");
  ASSERT_TRUE(disk_.remove(at("s")));
  ASSERT_TRUE(disk_.remove(at("never there")));
  ASSERT_TRUE(disk_.clean(folder_.root()));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(DiskTest, ReadingIsNotFooledByLinksPipesOrSize) {
  folder_.write("target", "secret");
  folder_.link("link", at("target"));
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_state_file(at("link"), 100));
  EXPECT_EQ(read_state_file(at("pipe"), 100).error().code(), Code::kInvalidData);
  EXPECT_EQ(read_state_file(at("target"), 3).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
