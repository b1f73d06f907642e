#include "agent/spool/spool.h"

#include "tests/unit/agent/spool/spool_story.h"

namespace assay::agent {
namespace {

using SpoolTest = SpoolStory;

TEST_F(SpoolTest, TheFirstManifestIsNumberOneWithoutPredecessor) {
  EXPECT_EQ(open().chain_end("host-1"), ChainEnd{});
}

TEST_F(SpoolTest, WhatWasSpooledIsThereAfterReopening) {
  SnapshotName name;
  {
    auto spool = open();
    name = scan(spool, "root");
  }
  const auto spool = open();
  EXPECT_EQ(spool.counts().spooled, 1);
  EXPECT_EQ(spool.chain_end("host-1"), (ChainEnd{2, name.digest}));
}

TEST_F(SpoolTest, TablesThatStayedTheSameAreKeptOnce) {
  auto spool = open();
  scan(spool, "root");
  scan(spool, "root");
  scan(spool, "root,mallory");
  EXPECT_EQ(tables(), 2U);
}

TEST_F(SpoolTest, AKnownTableNeedNotBeHandedOverAgain) {
  auto spool = open();
  scan(spool, "root");
  auto again = scanned(spool.chain_end("host-1"), "root");
  EXPECT_TRUE(spool.has_table(again.frames[0].first));
  again.frames.clear();
  EXPECT_TRUE(hand_over(spool, again));
}

TEST_F(SpoolTest, AMissingTableOrAWrongNumberIsRefused) {
  auto spool = open();
  auto incomplete = scanned({}, "root");
  incomplete.frames.clear();
  EXPECT_EQ(hand_over(spool, incomplete).error().code(), Code::kInvalidData);
  const auto late = scanned({7, evidence::sha256("other")}, "root");
  EXPECT_EQ(hand_over(spool, late).error().code(), Code::kConflict);
  EXPECT_EQ(spool.counts().spooled, 0);
}

TEST_F(SpoolTest, AReceiptMovesTheSnapshotAndTheChainGoesOn) {
  auto spool = open();
  const auto name = scan(spool, "root");
  receive(name);
  EXPECT_EQ(spool.settle()->accepted, 1);
  EXPECT_EQ(spool.counts().spooled, 0);
  EXPECT_EQ(spool.counts().last_accepted, name);
  EXPECT_EQ(spool.counts().last_receipt->at, some_day());
  EXPECT_EQ(spool.chain_end("host-1"), (ChainEnd{2, name.digest}));
}

TEST_F(SpoolTest, OldReceiptsAndTheirTablesGoButTheLastStays) {
  auto spool = open({kDefaultSpoolBytes, 2});
  for (const auto* users : {"a", "b", "c", "d"}) receive(scan(spool, users));
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(spool.counts().accepted, 2);
  EXPECT_EQ(tables(), 1U);
  EXPECT_EQ(spool.chain_end("host-1").next_sequence, 5);
}

TEST_F(SpoolTest, ARefusedSnapshotIsSetAsideCountedAndKeptWithItsTables) {
  {
    auto spool = open();
    refuse(scan(spool, "root"));
    EXPECT_EQ(spool.settle()->set_aside, 1);
  }
  const auto spool = open();
  EXPECT_EQ(spool.counts().set_aside, 1);
  EXPECT_EQ(spool.counts().gaps, 1);
  EXPECT_EQ(tables(), 1U);
  EXPECT_EQ(spool.chain_end("host-1").next_sequence, 2);
}

TEST_F(SpoolTest, ANewEnrollmentBeginsItsOwnChain) {
  auto spool = open();
  for (int i = 0; i < 12; ++i) receive(scan(spool, "root", "old"));
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(spool.chain_end("new"), ChainEnd{});
  receive(scan(spool, "root", "new"));
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(spool.chain_end("new").next_sequence, 2);
}

TEST_F(SpoolTest, ADamagedManifestIsPutAsideAndIsAGap) {
  SnapshotName name;
  {
    auto spool = open();
    name = scan(spool, "root");
  }
  scratch_.write("state/spool/" + to_text(name) + "/manifest.json", "zeros");
  for (int reopened = 0; reopened < 2; ++reopened) {
    const auto spool = open();
    EXPECT_EQ(spool.counts().spooled, 0);
    EXPECT_EQ(spool.counts().set_aside, 1);
    EXPECT_EQ(spool.counts().gaps, 1);
  }
}

TEST_F(SpoolTest, OnlyOneProcessMayHoldIt) {
  const auto first = open();
  EXPECT_EQ(Spool::open(state_).error().code(), Code::kConflict);
}

TEST_F(SpoolTest, AVerdictThatCannotBeReadIsNone) {
  auto spool = open();
  const auto name = scan(spool, "root");
  scratch_.write("state/verdicts/" + to_text(name) + ".json", "{\"verdict\":");
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(spool.counts().spooled, 1);
  EXPECT_EQ(Outbox(state_).waiting()->size(), 1U);
}

TEST_F(SpoolTest, TheLastManifestIsRememberedWhereverItIs) {
  const auto last = [](const Spool& spool) {
    const auto manifest = spool.last_manifest("host-1");
    return manifest ? manifest->sequence : 0;
  };
  auto spool = open();
  EXPECT_EQ(spool.last_manifest("host-1").error().code(), Code::kNotFound);
  receive(scan(spool, "a"));
  EXPECT_EQ(last(spool), 1);
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(last(spool), 1);
  refuse(scan(spool, "b"));
  ASSERT_TRUE(spool.settle());
  EXPECT_EQ(last(spool), 2);
  EXPECT_TRUE(spool.has_table(*spool.last_manifest("host-1")->tables[0].digest));
}

}  // namespace
}  // namespace assay::agent
