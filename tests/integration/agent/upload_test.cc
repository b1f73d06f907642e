#include <fstream>

#include "tests/integration/agent/machine.h"

namespace assay::agent {
namespace {

class UploadTest : public MachineTest {
 protected:
  void SetUp() override {
    enroll_machine();
    auto spool = Spool::open(state_);
    ASSERT_TRUE(spool) << spool.error().message();
    spool_.emplace(std::move(*spool));
  }
  SubmissionReport upload() {
    Submission submission(open_channel(address(), load_identity(state_).value()), state_);
    const auto done = submission.run();
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_TRUE(spool_->settle());
    return submission.report();
  }
  std::optional<Spool> spool_;
};

TEST_F(UploadTest, WhatIsSpooledIsAcceptedInOrder) {
  for (int users = 1; users <= 3; ++users) scan(*spool_, users);
  const auto report = upload();
  EXPECT_EQ(report.accepted, 3);
  EXPECT_EQ(report.tables_sent, 3);
  EXPECT_EQ(snapshots_of(host_id_), 3);
  EXPECT_EQ(spool_->counts().spooled, 0);
  EXPECT_EQ(spool_->counts().last_accepted->sequence, 3);
}

TEST_F(UploadTest, AnUnchangedMachineSendsOneSmallManifest) {
  scan(*spool_, 500);
  (void)upload();
  scan(*spool_, 500);
  const auto report = upload();
  EXPECT_EQ(report.accepted, 1);
  EXPECT_EQ(report.tables_sent, 0);
  EXPECT_LE(report.bytes_sent, 512);
}

TEST_F(UploadTest, AnUnchangedScanOfSixtyTablesCostsAQuarterOfAKilobyte) {
  scan_many(*spool_, 60, "2026-11-21T01:02:03Z");
  EXPECT_EQ(upload().differences, 0);
  scan_many(*spool_, 60, "2026-11-21T02:17:43Z");
  const auto report = upload();
  EXPECT_EQ(report.accepted, 1);
  EXPECT_EQ(report.differences, 1);
  EXPECT_LE(report.bytes_sent, 256);
}

TEST_F(UploadTest, TheSecondOnAStreamIsADifferenceToTheFirst) {
  scan_many(*spool_, 60, "2026-11-21T01:02:03Z");
  scan_many(*spool_, 60, "2026-11-21T02:17:43Z");
  scan_many(*spool_, 61, "2026-11-21T03:15:22Z");
  const auto report = upload();
  EXPECT_EQ(report.accepted, 3);
  EXPECT_EQ(report.differences, 2);
}

TEST_F(UploadTest, AReceiptThatWasNotCarriedOutYetIsABaseToo) {
  scan_many(*spool_, 60, "2026-11-21T01:02:03Z");
  Submission first(open_channel(address(), load_identity(state_).value()), state_);
  ASSERT_TRUE(first.run());
  scan_many(*spool_, 60, "2026-11-21T02:17:43Z");
  EXPECT_EQ(upload().differences, 1);
}

TEST_F(UploadTest, ACollectorThatDoesNotHaveTheBaseGetsTheWhole) {
  scan_many(*spool_, 60, "2026-11-21T01:02:03Z");
  const auto name = Outbox(state_).waiting()->front();
  ASSERT_TRUE(Outbox(state_).record(name, {true, {}, "", ""}));  // another collector's receipt
  scan_many(*spool_, 60, "2026-11-21T02:17:43Z");
  scan_many(*spool_, 60, "2026-11-21T03:15:22Z");
  const auto report = upload();
  EXPECT_EQ(report.accepted, 2);
  EXPECT_EQ(report.differences, 1);  // the second, to the first
  EXPECT_EQ(report.tables_sent, 60);
}

TEST_F(UploadTest, ALargeTableTravelsInPieces) {
  scan(*spool_, 200'000);
  const auto report = upload();
  EXPECT_EQ(report.accepted, 1);
  EXPECT_GT(report.bytes_sent, 100'000);
}

TEST_F(UploadTest, ACollectorThatIsAwayLosesNothing) {
  scan(*spool_, 1);
  server().stop(std::chrono::milliseconds(0));
  EXPECT_EQ(upload_once(options()).error().code(), Code::kUnavailable);
  EXPECT_TRUE(status_says("cannot be reached"));
  EXPECT_EQ(spool_->counts().spooled, 1);
}

TEST_F(UploadTest, ARefusedSnapshotIsSetAsideAndTheNextGoesOn) {
  scan(*spool_, 1, "signed over other bytes");
  scan(*spool_, 2);
  const auto report = upload();
  EXPECT_EQ(report.refused, 1);
  EXPECT_EQ(report.accepted, 1);
  EXPECT_NE(report.last_refusal.find("bad_signature"), std::string::npos);
  EXPECT_EQ(spool_->counts().set_aside, 1);
  EXPECT_EQ(spool_->counts().gaps, 1);
}

TEST_F(UploadTest, ARefusalIsNoSuccess) {
  scan(*spool_, 1, "signed over other bytes");
  const auto done = upload_once(options());
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message().find("1 snapshots refused and set aside"), std::string::npos);
  EXPECT_NE(done.error().message().find("bad_signature"), std::string::npos);
}

TEST_F(UploadTest, ALostReceiptIsAskedForAgain) {
  scan(*spool_, 1);
  const auto name = Outbox(state_).waiting()->front();
  Submission first(open_channel(address(), load_identity(state_).value()), state_);
  ASSERT_TRUE(first.run());
  // The verdict is lost before the agent could carry it out.
  std::filesystem::remove(state_.verdicts() + "/" + to_text(name) + ".json");
  const auto report = upload();
  EXPECT_EQ(report.accepted, 1);
  EXPECT_EQ(report.tables_sent, 0);
  EXPECT_EQ(snapshots_of(host_id_), 1);
}

TEST_F(UploadTest, ATableThatIsGoneIsAGapAndDoesNotStopTheRest) {
  scan(*spool_, 1);
  std::filesystem::remove_all(state_.tables());
  std::filesystem::create_directory(state_.tables());
  scan(*spool_, 1);  // the spool believes that it has the table
  const auto report = upload();
  EXPECT_EQ(report.refused, 2);
  EXPECT_EQ(spool_->counts().set_aside, 2);
  scan(*spool_, 1);
  EXPECT_EQ(upload().accepted, 1);
}

TEST_F(UploadTest, ATableWithWrongBytesIsFoundOutAndWrittenAnew) {
  scan(*spool_, 1);
  const auto file = list_state_folder(state_.tables())->front();
  std::ofstream(state_.tables() + "/" + file) << evidence::compress("zeros").value();
  EXPECT_EQ(upload().refused, 1);
  scan(*spool_, 1);
  EXPECT_EQ(upload().accepted, 1);
}

TEST_F(UploadTest, ARevokedMachineIsToldSo) {
  scan(*spool_, 1);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(store().revoke_host(host_id_, now));
  EXPECT_EQ(upload_once(options()).error().code(), Code::kRefused);
  EXPECT_TRUE(status_says("revoked"));
  EXPECT_EQ(spool_->counts().spooled, 1);
}

}  // namespace
}  // namespace assay::agent
