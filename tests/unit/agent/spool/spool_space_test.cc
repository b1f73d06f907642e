// A full bound and a full disk: a clear message, a gap, nothing lost, and on it goes.
#include <sys/mount.h>
#include <unistd.h>

#include <random>

#include "tests/unit/agent/spool/spool_story.h"

namespace assay::agent {
namespace {

using SpoolSpace = SpoolStory;

TEST_F(SpoolSpace, TheBoundEndsInAMessageAndAGapAndDropsNothing) {
  auto spool = open({64 << 10, 1});
  std::vector<SnapshotName> names;
  Status done;
  for (int i = 0; done && i < 100; ++i) {
    const auto one = scanned(spool.chain_end("host-1"), std::to_string(i));
    done = hand_over(spool, one);
    if (done) names.push_back({i + 1, evidence::sha256(one.manifest)});
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Code::kNoSpace);
  EXPECT_NE(done.error().message().find("nothing was dropped"), std::string::npos);
  EXPECT_EQ(spool.counts().gaps, 1);
  EXPECT_EQ(waiting(), names);
  EXPECT_LE(spool.counts().bytes, 64 << 10);
}

TEST_F(SpoolSpace, ItGoesOnWhenReceiptsMakeRoom) {
  auto spool = open({64 << 10, 1});
  while (hand_over(spool, scanned(spool.chain_end("host-1"), "x"))) {
  }
  for (const auto& name : waiting()) receive(name);
  ASSERT_TRUE(spool.settle());
  EXPECT_TRUE(hand_over(spool, scanned(spool.chain_end("host-1"), "y")));
}

TEST_F(SpoolSpace, ADiskThatFillsUpAtAnyStepLeavesTheSpoolAsItWas) {
  int left = 0;
  auto spool = open({}, Disk([&left] { return left-- <= 0 ? ENOSPC : 0; }));
  for (int step = 0; step < 8; ++step) {
    left = step;
    const auto done = hand_over(spool, scanned(spool.chain_end("host-1"), "x"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), Code::kNoSpace) << done.error().message();
    EXPECT_EQ(spool.chain_end("host-1"), ChainEnd{});
    EXPECT_EQ(spool.counts().gaps, step + 1);
  }
  left = 1000;
  scan(spool, "x");
  // The gaps that did not fit were kept and written when there was room.
  EXPECT_EQ(GapLog(state_.gaps(), nullptr).count(), 8);
}

TEST_F(SpoolSpace, AReceiptMakesRoomEvenWhenItCannotBeWrittenDown) {
  int left = 1000;
  auto spool = open({}, Disk([&left] { return left > 0 ? 0 : ENOSPC; }));
  receive(scan(spool, "x"));
  left = 0;
  EXPECT_FALSE(spool.settle());
  left = 1000;
  EXPECT_EQ(spool.settle()->accepted, 1);
}

class SpoolOnSmallDisk : public SpoolSpace {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(state_.path());
    is_mounted_ =
        ::geteuid() == 0 && ::mount("tmpfs", state_.path().c_str(), "tmpfs", 0, "size=192k") == 0;
  }
  void TearDown() override {
    if (is_mounted_) ::umount2(state_.path().c_str(), MNT_DETACH);
  }
  bool is_mounted_ = false;
};

// Without the right to mount, the bound takes the disk's place: the promise is the same.
TEST_F(SpoolOnSmallDisk, ARealFullDiskIsAClearErrorAndARetry) {
  auto spool = open({is_mounted_ ? kDefaultSpoolBytes : 192 << 10, 1});
  Status done;
  int spooled = 0;
  std::mt19937 random(20261121);
  while (done && spooled < 200) {
    std::string noise(8192, '\0');
    for (auto& c : noise) c = static_cast<char>(random());
    done = hand_over(spool, scanned(spool.chain_end("host-1"), noise));
    if (done) ++spooled;
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Code::kNoSpace) << done.error().message();
  EXPECT_EQ(std::ssize(waiting()), spooled);
  EXPECT_EQ(spool.counts().gaps, 1);
  if (is_mounted_) {
    EXPECT_EQ(read_gaps(state_.gaps())->front().kind, "no_space");
  }
}

}  // namespace
}  // namespace assay::agent
