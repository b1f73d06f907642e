#include "agent/spool/outbox.h"

#include "tests/unit/agent/spool/spool_story.h"

namespace assay::agent {
namespace {

using OutboxTest = SpoolStory;

TEST_F(OutboxTest, OldestWaitsFirst) {
  auto spool = open();
  const auto first = scan(spool, "a");
  const auto second = scan(spool, "b");
  EXPECT_EQ(Outbox(state_).waiting().value(), (std::vector{first, second}));
}

TEST_F(OutboxTest, LoadsWhatWasSpooled) {
  auto spool = open();
  const auto one = scanned({}, "root");
  ASSERT_TRUE(hand_over(spool, one));
  const Outbox outbox(state_);
  const auto loaded = outbox.load(outbox.waiting()->front());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->manifest, one.manifest);
  EXPECT_EQ(loaded->signature, "signature");
  EXPECT_EQ(outbox.frame(one.frames[0].first).value(), one.frames[0].second);
}

TEST_F(OutboxTest, AnsweredOnesDoNotWaitAnyMore) {
  auto spool = open();
  receive(scan(spool, "a"));
  refuse(scan(spool, "b"));
  scan(spool, "c");
  const auto counts = Outbox(state_).counts();
  EXPECT_EQ(Outbox(state_).waiting()->size(), 1U);
  EXPECT_EQ(counts.spooled, 1);
  EXPECT_EQ(counts.set_aside, 1);
}

TEST_F(OutboxTest, ForgetsOnlyVerdictsThatWereCarriedOut) {
  auto spool = open();
  receive(scan(spool, "a"));
  Outbox outbox(state_);
  ASSERT_TRUE(outbox.prune());
  EXPECT_EQ(list_state_folder(state_.verdicts())->size(), 1U);
  ASSERT_TRUE(spool.settle());
  ASSERT_TRUE(outbox.prune());
  EXPECT_EQ(list_state_folder(state_.verdicts())->size(), 0U);
}

TEST_F(OutboxTest, ADamagedManifestIsSeenBeforeItIsSent) {
  auto spool = open();
  const auto name = scan(spool, "a");
  scratch_.write("state/spool/" + to_text(name) + "/manifest.json", "zeros");
  EXPECT_EQ(Outbox(state_).load(name).error().code(), Code::kInvalidData);
}

TEST_F(OutboxTest, TheNewestReceiptOfAHostIsTheBaseForItsNext) {
  auto spool = open();
  const Outbox outbox(state_);
  EXPECT_EQ(outbox.last_accepted("host-1"), "");
  const auto first = scan(spool, "a");
  const auto second = scan(spool, "b");
  receive(first);
  EXPECT_EQ(evidence::sha256(outbox.last_accepted("host-1")), first.digest);
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(evidence::sha256(outbox.last_accepted("host-1")), first.digest);
  receive(second);
  EXPECT_EQ(evidence::sha256(outbox.last_accepted("host-1")), second.digest);
  EXPECT_EQ(outbox.last_accepted("host-2"), "");
}

TEST_F(OutboxTest, ARefusedOrDamagedManifestIsNoBase) {
  auto spool = open();
  const auto first = scan(spool, "a");
  const auto second = scan(spool, "b");
  refuse(second);
  receive(first);
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(evidence::sha256(Outbox(state_).last_accepted("host-1")), first.digest);
  scratch_.write("state/accepted/" + to_text(first) + "/manifest.json", "zeros");
  EXPECT_EQ(Outbox(state_).last_accepted("host-1"), "");
}

}  // namespace
}  // namespace assay::agent
