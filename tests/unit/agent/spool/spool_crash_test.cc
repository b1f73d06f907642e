// The process ends at every single step of writing; what add() or a receipt promised holds.
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/agent/spool/spool_story.h"

namespace assay::agent {
namespace {

constexpr int kMoreStepsThanThereAre = 200;
constexpr int kKilled = 9;
constexpr int kFinished = 0;
constexpr int kAdded = 1;

class SpoolCrash : public SpoolStory {
 protected:
  // Runs `story` in a process that ends before its `step`-th change of the disk; its exit code.
  template <typename Story>
  int killed_at(int step, const Story& story) const {
    const pid_t child = ::fork();
    if (child == 0) {
      int left = step;
      auto spool = Spool::open(state_, {}, Disk([&left] {
                                 if (left-- == 0) ::_exit(kKilled);
                                 return 0;
                               }));
      if (!spool) ::_exit(2);
      ::_exit(story(*spool));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
  void expect_whole_chain(const Spool& spool) const {
    std::optional<evidence::Digest> previous;
    for (const auto& name : waiting()) {
      const auto manifest =
          evidence::manifest_from_canonical(Outbox(state_).load(name)->manifest).value();
      EXPECT_EQ(manifest.previous, previous);
      EXPECT_TRUE(Outbox(state_).frame(manifest.tables[0].digest.value()));
      previous = name.digest;
    }
    EXPECT_EQ(spool.chain_end("host-1").previous, previous);
  }
};

TEST_F(SpoolCrash, AddIsAllOrNothingAtEveryStep) {
  std::int64_t spooled = 0;
  int step = 0;
  for (int code = kKilled; code == kKilled; ++step) {
    ASSERT_LT(step, kMoreStepsThanThereAre);
    code = killed_at(step, [&](Spool& spool) {
      return hand_over(spool, scanned(spool.chain_end("host-1"), std::to_string(step))) ? kFinished
                                                                                        : kAdded;
    });
    ASSERT_TRUE(code == kKilled || code == kFinished) << code;
    const auto spool = open();
    const auto now = spool.counts().spooled;
    EXPECT_GE(now, spooled + (code == kFinished ? 1 : 0));
    EXPECT_LE(now, spooled + 1);
    EXPECT_EQ(std::ssize(list_state_folder(state_.tables()).value()), now);
    expect_whole_chain(spool);
    spooled = now;
  }
  EXPECT_GT(step, 8);
}

TEST_F(SpoolCrash, AReceiptIsCarriedOutOnceHoweverOftenItIsInterrupted) {
  {
    auto spool = open();
    receive(scan(spool, "a"));
    scan(spool, "b");
  }
  int step = 0;
  for (int code = kKilled; code == kKilled; ++step) {
    ASSERT_LT(step, kMoreStepsThanThereAre);
    code = killed_at(step, [](Spool& spool) { return spool.settle() ? kFinished : kAdded; });
  }
  const auto spool = open();
  EXPECT_GT(step, 2);
  EXPECT_EQ(spool.counts().accepted, 1);
  EXPECT_EQ(spool.counts().spooled, 1);
  EXPECT_EQ(spool.counts().gaps, 0);
  EXPECT_EQ(spool.chain_end("host-1").next_sequence, 3);
}

}  // namespace
}  // namespace assay::agent
