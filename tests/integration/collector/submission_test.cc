#include "evidence/compress.h"
#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

using grpc::StatusCode;

class SubmissionTest : public CollectorTest {
 protected:
  TestAgent agent_ = enrolled();

  // The answer to an offer and to one table sent in reply to its wants.
  std::optional<v1::SubmitResponse> answer_to(const TestSnapshot& snapshot,
                                              const std::string& frame) {
    Submission stream(agent_.channel());
    stream.offer(snapshot);
    const auto wants = stream.answer();
    EXPECT_TRUE(wants && wants->has_wants());
    stream.part(snapshot.tables.begin()->first, frame);
    return stream.answer();
  }
};

TEST_F(SubmissionTest, OfferWantsTablesReceipt) {
  const auto snapshot = agent_.scan();
  const auto answer = agent_.submit(snapshot);
  ASSERT_TRUE(answer && answer->has_receipt());
  EXPECT_EQ(answer->receipt().manifest_digest(), snapshot.digest().raw());
  EXPECT_EQ(answer->receipt().sequence(), 1);
  EXPECT_TRUE(store().table(snapshot.tables.begin()->first));
  EXPECT_EQ(accepted(), 1);
}

TEST_F(SubmissionTest, AnUnchangedMachineSendsOneManifestAndNoTable) {
  ASSERT_TRUE(agent_.submit(agent_.scan()));
  Submission stream(agent_.channel());
  stream.offer(agent_.scan());
  const auto answer = stream.answer();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->has_receipt());
}

TEST_F(SubmissionTest, OneStreamCarriesManySnapshots) {
  Submission stream(agent_.channel());
  for (int i = 1; i <= 5; ++i) {
    const auto snapshot = agent_.scan({"user" + std::to_string(i)});
    stream.offer(snapshot);
    ASSERT_TRUE(stream.answer()->has_wants());
    stream.table(snapshot.tables.begin()->second);
    ASSERT_EQ(stream.answer()->receipt().sequence(), i);
  }
  EXPECT_TRUE(stream.finish().ok());
  EXPECT_EQ(events_of(Event::Kind::kSequenceGap) + events_of(Event::Kind::kChainBreak), 0);
}

TEST_F(SubmissionTest, TheAnswerToTheLastSnapshotEndsTheStream) {
  Submission stream(agent_.channel());
  const auto first = agent_.scan({"first"});
  stream.offer(first);
  ASSERT_TRUE(stream.answer()->has_wants());
  stream.table(first.tables.begin()->second);
  ASSERT_TRUE(stream.answer()->has_receipt());
  const auto last = agent_.scan({"last"});
  stream.says_last = true;
  stream.difference(first.manifest, last);
  ASSERT_TRUE(stream.answer()->has_wants()) << "what is said of the end comes with the receipt";
  stream.table(last.tables.begin()->second);
  ASSERT_EQ(stream.answer()->receipt().sequence(), 2);
  EXPECT_FALSE(stream.answer());
  EXPECT_TRUE(stream.ended().ok());
  EXPECT_EQ(snapshots_of(agent_.host_id()), 2);
}

TEST_F(SubmissionTest, ARefusalOfTheLastSnapshotEndsTheStream) {
  auto snapshot = agent_.scan();
  snapshot.signature = enrolled().scan().signature;
  Submission stream(agent_.channel());
  stream.says_last = true;
  stream.offer(snapshot);
  ASSERT_TRUE(stream.answer()->has_refusal());
  EXPECT_FALSE(stream.answer());
  EXPECT_TRUE(stream.ended().ok());
}

TEST_F(SubmissionTest, ADifferenceThatIsWantedInFullDoesNotEndTheStream) {
  Submission stream(agent_.channel());
  const auto unknown = agent_.scan({"unknown"});
  const auto snapshot = agent_.scan({"known"});
  stream.says_last = true;
  stream.difference(unknown.manifest, snapshot);
  ASSERT_TRUE(stream.answer()->has_wants_full());
  stream.offer(snapshot);
  ASSERT_TRUE(stream.answer()->has_wants());
  stream.table(snapshot.tables.begin()->second);
  ASSERT_TRUE(stream.answer()->has_receipt());
  EXPECT_FALSE(stream.answer());
  EXPECT_TRUE(stream.ended().ok());
}

TEST_F(SubmissionTest, AReplayGetsTheSameReceiptAndStoresNothingTwice) {
  const auto snapshot = agent_.scan();
  const auto first = agent_.submit(snapshot);
  const auto second = agent_.submit(snapshot);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(snapshots_of(agent_.host_id()), 1);
  EXPECT_EQ(accepted(), 1);
}

TEST_F(SubmissionTest, AReplayGetsItsReceiptThoughTheKeyThatSignedItIsNoLongerKnown) {
  auto snapshot = agent_.scan();
  const auto first = agent_.submit(snapshot);
  snapshot.signature = enrolled().scan().signature;
  const auto second = agent_.submit(snapshot);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(events_of(Event::Kind::kRefusal), 0);
}

TEST_F(SubmissionTest, AManifestOfAnotherHostIsRefused) {
  auto other = enrolled();
  const auto answer = agent_.submit(other.scan());
  ASSERT_TRUE(answer && answer->has_refusal());
  EXPECT_EQ(answer->refusal().reason(), v1::Refusal::REASON_FOREIGN_HOST);
  EXPECT_EQ(snapshots_of(other.host_id()), 0);
  EXPECT_EQ(events_of(Event::Kind::kRefusal), 1);
}

TEST_F(SubmissionTest, ASignatureOfAnotherKeyIsRefused) {
  auto snapshot = agent_.scan();
  snapshot.signature = enrolled().scan().signature;
  EXPECT_EQ(agent_.submit(snapshot)->refusal().reason(), v1::Refusal::REASON_BAD_SIGNATURE);
}

TEST_F(SubmissionTest, WhatWasSignedBeforeARenewalIsStillAccepted) {
  const auto spooled = agent_.scan();
  ASSERT_TRUE(agent_.renew().ok());
  EXPECT_TRUE(agent_.submit(spooled)->has_receipt());
}

TEST_F(SubmissionTest, AFaultyTableIsRefusedAndTheStreamGoesOn) {
  const auto bad = agent_.scan({"a"});
  Submission stream(agent_.channel());
  stream.offer(bad);
  ASSERT_TRUE(stream.answer()->has_wants());
  stream.part(bad.tables.begin()->first, evidence::compress(users_table({"b"})).value());
  EXPECT_EQ(stream.answer()->refusal().reason(), v1::Refusal::REASON_BAD_TABLE);
  stream.part(bad.tables.begin()->first, "what was under way already");
  const auto good = agent_.scan({"c"});
  stream.offer(good);
  ASSERT_TRUE(stream.answer()->has_wants());
  stream.table(good.tables.begin()->second);
  EXPECT_EQ(stream.answer()->receipt().sequence(), 2);
  EXPECT_EQ(events_of(Event::Kind::kSequenceGap), 1);
}

TEST_F(SubmissionTest, ADecompressionBombIsRefusedBeforeItIsUnpacked) {
  const auto answer =
      answer_to(agent_.scan(), evidence::compress(std::string(60U << 20U, '0')).value());
  EXPECT_EQ(answer->refusal().reason(), v1::Refusal::REASON_BAD_TABLE);
}

TEST_F(SubmissionTest, ATableUnderAnotherNameIsRefused) {
  auto snapshot = agent_.scan();
  const auto table = snapshot.tables.begin()->second;
  evidence::Manifest manifest = evidence::manifest_from_canonical(snapshot.manifest).value();
  manifest.tables = {entry_for("groups", table)};
  auto renamed = agent_.sign(manifest);
  renamed.tables = snapshot.tables;
  EXPECT_EQ(agent_.submit(renamed)->refusal().reason(), v1::Refusal::REASON_BAD_TABLE);
  // Nor when the table is there under its own name.
  ASSERT_TRUE(agent_.submit(snapshot)->has_receipt());
  manifest.sequence = 2;
  manifest.previous = snapshot.digest();
  EXPECT_EQ(agent_.submit(agent_.sign(manifest))->refusal().reason(),
            v1::Refusal::REASON_BAD_TABLE);
}

TEST_F(SubmissionTest, AnOversizedTableIsRefusedAsItArrives) {
  EXPECT_EQ(answer_to(agent_.scan(), std::string(200'000, 'x'))->refusal().reason(),
            v1::Refusal::REASON_BAD_TABLE);
}

TEST_F(SubmissionTest, GarbageAndOversizedManifestsAreRefused) {
  TestSnapshot snapshot;
  snapshot.manifest = "{}\n";
  EXPECT_EQ(agent_.submit(snapshot)->refusal().reason(), v1::Refusal::REASON_MALFORMED);
  snapshot.manifest = std::string(10U << 20U, ' ');
  EXPECT_EQ(agent_.submit(snapshot)->refusal().reason(), v1::Refusal::REASON_MALFORMED);
}

TEST_F(SubmissionTest, AForkIsRefusedAndRecorded) {
  ASSERT_TRUE(agent_.submit(agent_.scan({"a"}))->has_receipt());
  agent_.sequence = 0;
  agent_.previous = std::nullopt;
  const auto answer = agent_.submit(agent_.scan({"b"}));
  EXPECT_EQ(answer->refusal().reason(), v1::Refusal::REASON_FORK);
  EXPECT_EQ(events_of(Event::Kind::kFork), 1);
  EXPECT_EQ(snapshots_of(agent_.host_id()), 1);
}

TEST_F(SubmissionTest, ViolationsOfTheProtocolEndTheStream) {
  const auto snapshot = agent_.scan();
  const auto digest = snapshot.tables.begin()->first;
  const auto end_of = [&](const std::function<void(Submission&)>& talk) {
    Submission stream(agent_.channel());
    talk(stream);
    while (stream.answer()) {
    }
    return stream.finish().error_code();
  };
  EXPECT_EQ(end_of([&](Submission& s) { s.part(digest, "unasked"); }),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(end_of([&](Submission& s) { s.write({}); }), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(end_of([&](Submission& s) {
              s.offer(snapshot);
              s.offer(snapshot);
            }),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(end_of([&](Submission& s) {
              s.offer(snapshot);
              s.part(evidence::sha256("never offered"), "x");
            }),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(end_of([&](Submission& s) {
              s.offer(snapshot);
              s.part(digest, std::string(2U << 20U, 'x'), false);
            }),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(end_of([&](Submission& s) { s.part(digest, std::string(5U << 20U, 'x')); }),
            StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(SubmissionTest, AStrangerMaySubmitNothing) {
  Submission stream(stranger().channel());
  stream.offer(agent_.scan());
  EXPECT_FALSE(stream.answer());
  EXPECT_EQ(stream.finish().error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(SubmissionTest, ARevokedHostIsRefusedAtItsNextOfferOnAnOpenStream) {
  Submission stream(agent_.channel());
  stream.offer(agent_.scan({"a"}));
  ASSERT_TRUE(stream.answer());
  ASSERT_TRUE(store().revoke_host(agent_.host_id(), evidence::Seconds{}));
  Submission next(agent_.channel());
  next.offer(agent_.scan({"b"}));
  EXPECT_FALSE(next.answer());
  EXPECT_EQ(next.finish().error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(SubmissionTest, TablesThatArrivedWholeAreNotWantedAgainAfterABrokenStream) {
  const auto users = users_table({"a"});
  evidence::Manifest manifest =
      evidence::manifest_from_canonical(agent_.scan({"a"}).manifest).value();
  manifest.tables.push_back(entry_for("zz_other", users));
  manifest.tables.back().digest = evidence::sha256("never sent");
  const auto snapshot = agent_.sign(manifest);
  {
    Submission stream(agent_.channel());
    stream.offer(snapshot);
    ASSERT_EQ(stream.answer()->wants().digests_size(), 2);
    stream.table(users);
    EXPECT_TRUE(stream.finish().ok());
  }
  Submission stream(agent_.channel());
  stream.offer(snapshot);
  const auto wants = stream.answer()->wants();
  ASSERT_EQ(wants.digests_size(), 1);
  EXPECT_EQ(wants.digests(0), evidence::sha256("never sent").raw());
}

class FullDiskTest : public CollectorTest {
 protected:
  FullDiskTest() : CollectorTest(130) {}
};

TEST_F(FullDiskTest, AcknowledgesNothingAndSaysToTryAgain) {
  auto agent = enrolled();
  std::vector<std::string> users;
  for (int i = 0; i < 40'000; ++i) users.push_back(evidence::sha256(std::to_string(i)).hex());
  const auto snapshot = agent.scan(users);
  Submission stream(agent.channel());
  stream.offer(snapshot);
  ASSERT_TRUE(stream.answer()->has_wants());
  stream.table(snapshot.tables.begin()->second);
  EXPECT_FALSE(stream.answer());
  EXPECT_EQ(stream.finish().error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(snapshots_of(agent.host_id()), 0);
  EXPECT_EQ(accepted(), 0);
}

}  // namespace
}  // namespace assay::collector
