// An agent that keeps the collector's checkpoints sees when the ledger is not what it was, and so
// does the collector.
#include "agent/courier/ledger_watch.h"

#include <thread>

#include "agent/courier/ledger_check.h"
#include "collector/ledger/ledger.h"
#include "collector/ledger/sequencer.h"
#include "tests/integration/agent/machine.h"

namespace assay::agent {
namespace {

using collector::Event;

class LedgerWatchTest : public MachineTest {
 protected:
  void SetUp() override {
    enroll_machine();
    auto spool = Spool::open(state_);
    ASSERT_TRUE(spool) << spool.error().message();
    spool_.emplace(std::move(*spool));
  }
  // One more snapshot is accepted.
  void accept() {
    scan(*spool_, ++users_);
    Submission submission(open_channel(address(), load_identity(state_).value()), state_);
    const auto done = submission.run();
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_TRUE(spool_->settle());
    receipts_ = submission.receipts();
  }
  LedgerReport look() {
    LedgerWatch watch(open_channel(address(), load_identity(state_).value()), state_,
                      authority().fingerprint());
    const auto done = watch.run(receipts_);
    EXPECT_TRUE(done) << done.error().message();
    receipts_.clear();
    return watch.report();
  }
  LedgerMemory memory() { return read_ledger_memory(state_).value(); }
  // The ledger as it would be after a back-up was brought back: empty, to be made anew.
  void wipe_ledger() {
    execute(
        "DELETE FROM ledger_entries; DELETE FROM ledger_tiles; DELETE FROM ledger_checkpoints;"
        " UPDATE ledger_state SET last_snapshot = 0, last_act = 0");
  }

  // Its token, and that it was let in: they are logged behind the first snapshots.
  static constexpr std::int64_t kActs = 2;

  std::optional<Spool> spool_;
  std::vector<Unproven> receipts_;

 private:
  std::int64_t users_ = 0;
};

TEST_F(LedgerWatchTest, WhatHasAReceiptIsProvenAndTheCheckpointKept) {
  accept();
  log();
  const auto report = look();
  EXPECT_TRUE(report.was_checked);
  EXPECT_EQ(report.unproven, 0);
  EXPECT_EQ(report.size, 1 + kActs);
  EXPECT_EQ(report.alarm, "");
  EXPECT_EQ(memory().key, evidence::to_text(ledger_key().verifier()));
  EXPECT_EQ(memory().checkpoint, store().checkpoint()->note);
}

TEST_F(LedgerWatchTest, TheLogMayGrowBetweenTwoLooks) {
  for (int i = 0; i < 5; ++i) {
    accept();
    log();
    accept();
    log();
    const auto report = look();
    EXPECT_EQ(report.alarm, "");
    EXPECT_EQ(report.size, 2 * i + 2 + kActs);
    EXPECT_EQ(report.unproven, 0);
  }
  EXPECT_EQ(events_of(Event::Kind::kLedger), 0);
}

TEST_F(LedgerWatchTest, WhatIsNotLoggedYetIsAskedForTheNextTime) {
  accept();
  log();
  accept();  // waits for its batch
  const auto report = look();
  EXPECT_EQ(report.unproven, 1);
  EXPECT_EQ(report.alarm, "");
  log();
  EXPECT_EQ(look().unproven, 0);
}

// The sequencer's batch comes while the agent asks.
TEST_F(LedgerWatchTest, AProofFollowsWithinASecondOfTheReceipt) {
  accept();
  std::thread logging([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    log();
  });
  EXPECT_EQ(look().unproven, 0);
  logging.join();
}

TEST_F(LedgerWatchTest, ARewindIsAnAlarmOnBothSides) {
  for (int i = 0; i < 3; ++i) accept();
  log();
  (void)look();
  wipe_ledger();
  log(1);
  const auto report = look();
  EXPECT_NE(report.alarm.find("rewound (5 entries, now 1)"), std::string::npos) << report.alarm;
  EXPECT_EQ(report.size, 3 + kActs) << "the checkpoint that was held is held still";
  EXPECT_EQ(events_of(Event::Kind::kLedger), 1);
  ASSERT_EQ(memory().alarms.size(), 1U);
  EXPECT_EQ(memory().alarms[0].kind, "ledger");
}

TEST_F(LedgerWatchTest, AForkIsAnAlarmOnBothSides) {
  for (int i = 0; i < 3; ++i) accept();
  log();
  (void)look();
  wipe_ledger();
  execute("UPDATE snapshots SET accepted_at = accepted_at + 1 WHERE number = 2");
  accept();
  log();
  const auto report = look();
  EXPECT_NE(report.alarm.find("forked"), std::string::npos) << report.alarm;
  EXPECT_EQ(report.size, 3 + kActs);
  EXPECT_EQ(report.unproven, 1) << "nothing is believed of a forked log";
  EXPECT_EQ(events_of(Event::Kind::kLedger), 1);
  (void)look();
  EXPECT_EQ(memory().alarms.at(0).count, 2) << "it stays an alarm";
}

TEST_F(LedgerWatchTest, ALedgerThatWasEmptiedIsARewind) {
  accept();
  log();
  (void)look();
  wipe_ledger();
  EXPECT_NE(look().alarm.find("rewound"), std::string::npos);
}

TEST_F(LedgerWatchTest, ACheckpointThatTheCollectorDidNotSignIsAnEvent) {
  accept();
  log();
  (void)look();
  auto forged = memory();
  forged.checkpoint.replace(forged.checkpoint.find("\n3\n"), 3, "\n7\n");
  Disk disk;
  ASSERT_TRUE(disk.write(state_.ledger_memory(), to_json(forged)));
  EXPECT_NE(look().alarm, "");
  EXPECT_EQ(events_of(Event::Kind::kLedger), 1);
}

TEST_F(LedgerWatchTest, OfOtherHostsNothingIsProven) {
  accept();
  log();
  const auto digest = store().ledger_entries(0, 1)->at(0).digest;
  scratch_.write("other/x", "");
  const StateFolder other(scratch_.root() + "/other");
  ASSERT_TRUE(other.prepare());
  const auto identity = enroll(other, address(), enrollment_token_from(token()).value());
  ASSERT_TRUE(identity);
  LedgerWatch watch(open_channel(address(), *identity), other, authority().fingerprint());
  ASSERT_TRUE(watch.run(std::vector{Unproven{digest, {}}}));
  EXPECT_EQ(read_ledger_memory(other)->unproven.size(), 0U);
  EXPECT_NE(watch.report().alarm.find("is not logged"), std::string::npos)
      << "a receipt that old would have to be proven";
}

// What a lying collector may answer.
class LedgerCheckTest : public LedgerWatchTest {
 protected:
  v1::ProveResponse answer() {
    auto view = collector::LedgerView::latest(store()).value();
    v1::ProveResponse response;
    response.set_verifier_key(evidence::to_text(ledger_key().verifier()));
    response.set_checkpoint(view.note());
    const auto manifest = store().ledger_entries(1, 1)->at(0).digest;
    const auto proof = view.prove(manifest).value();
    auto* inclusion = response.add_inclusions();
    inclusion->set_manifest_digest(manifest.raw());
    inclusion->set_entry(proof.extra);
    inclusion->set_index(proof.index);
    for (const auto& hash : proof.hashes) inclusion->add_hashes(hash.raw());
    return response;
  }
  std::string check(const v1::ProveResponse& response, LedgerMemory memory = {}) {
    const auto before = to_json(memory);
    const auto done = check_ledger_answer(response, authority().fingerprint(),
                                          evidence::Seconds(std::chrono::seconds(5)), &memory);
    if (done) return "";
    EXPECT_EQ(to_json(memory), before);
    return done.error().message();
  }
};

TEST_F(LedgerCheckTest, EveryPartOfAnAnswerIsHeldAgainstTheKey) {
  for (int i = 0; i < 3; ++i) accept();
  log();
  const auto good = answer();
  ASSERT_EQ(check(good), "");
  auto bad = good;
  bad.set_verifier_key("assay-ledger/x+00000000+AQ==");
  EXPECT_NE(check(bad), "");
  bad = good;
  const auto foreign = evidence::verifier_key_of(
      evidence::new_note_key().value(), ledger_key().verifier().name, evidence::KeyKind::kLog);
  bad.set_verifier_key(evidence::to_text(*foreign));
  EXPECT_NE(check(bad), "");
  LedgerMemory known;
  known.key = evidence::to_text(*foreign);
  EXPECT_NE(check(good, known).find("another key"), std::string::npos);
  bad = good;
  bad.mutable_checkpoint()->replace(bad.checkpoint().find("\n5\n"), 3, "\n6\n");
  EXPECT_NE(check(bad), "");
  bad = good;
  bad.mutable_inclusions(0)->set_index(0);
  EXPECT_NE(check(bad), "");
  bad = good;
  bad.mutable_inclusions(0)->mutable_hashes(0)->at(5) ^= 1;
  EXPECT_NE(check(bad), "");
  bad = good;
  bad.mutable_inclusions(0)->set_manifest_digest(std::string(32, 'x'));
  EXPECT_NE(check(bad), "");
  bad = good;
  for (int i = 0; i < 100; ++i) bad.mutable_inclusions(0)->add_hashes(std::string(32, 'x'));
  EXPECT_NE(check(bad), "");
  bad = good;
  bad.mutable_inclusions(0)->add_hashes("short");
  EXPECT_NE(check(bad), "");
}

}  // namespace
}  // namespace assay::agent
