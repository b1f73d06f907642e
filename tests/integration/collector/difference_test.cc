// A manifest that travels as a difference to an earlier one.
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

class DifferenceTest : public CollectorTest {
 protected:
  DifferenceTest() { EXPECT_TRUE(agent_.submit(base_)->has_receipt()); }

  // The answer to one message on a stream of its own.
  std::optional<v1::SubmitResponse> answer_to(const v1::SubmitRequest& request) {
    Submission stream(agent_.channel());
    stream.write(request);
    return stream.answer();
  }
  std::optional<v1::SubmitResponse> answer_to_difference(const std::string& base,
                                                         const TestSnapshot& snapshot) {
    Submission stream(agent_.channel());
    stream.difference(base, snapshot);
    return stream.answer();
  }
  // A difference to `base_` whose frame is `frame`.
  v1::SubmitRequest with_frame(const std::string& frame, const TestSnapshot& snapshot) {
    v1::SubmitRequest request;
    request.mutable_difference()->set_base(base_.digest().raw());
    request.mutable_difference()->set_manifest(frame);
    request.mutable_difference()->set_signature(snapshot.signature);
    return request;
  }
  std::string prefix() { return base_.manifest + base_.digest().hex(); }

  TestAgent agent_ = enrolled();
  TestSnapshot base_ = agent_.scan();
};

TEST_F(DifferenceTest, GetsAReceiptLikeTheWhole) {
  const auto next = agent_.scan();
  const auto answer = answer_to_difference(base_.manifest, next);
  ASSERT_TRUE(answer && answer->has_receipt());
  EXPECT_EQ(answer->receipt().manifest_digest(), next.digest().raw());
  EXPECT_EQ(accepted(), 2);
  EXPECT_EQ(events_of(Event::Kind::kChainBreak) + events_of(Event::Kind::kSequenceGap), 0);
}

TEST_F(DifferenceTest, WhatIsStoredIsTheWhole) {
  const auto next = agent_.scan();
  ASSERT_TRUE(answer_to_difference(base_.manifest, next)->has_receipt());
  const auto stored = store().snapshot(next.digest()).value();
  EXPECT_EQ(store().manifest_bytes(stored).value(), next.manifest);
  EXPECT_EQ(stored.signature, next.signature);
}

TEST_F(DifferenceTest, ItsTablesAreWantedAsEver) {
  const auto next = agent_.scan({"root", "mei-ling"});
  Submission stream(agent_.channel());
  stream.difference(base_.manifest, next);
  ASSERT_EQ(stream.answer()->wants().digests_size(), 1);
  stream.table(next.tables.begin()->second);
  EXPECT_TRUE(stream.answer()->has_receipt());
}

TEST_F(DifferenceTest, AReplayGetsTheSameReceipt) {
  const auto next = agent_.scan();
  const auto first = answer_to_difference(base_.manifest, next);
  EXPECT_EQ(answer_to_difference(base_.manifest, next)->SerializeAsString(),
            first->SerializeAsString());
  EXPECT_EQ(agent_.submit(next)->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(snapshots_of(agent_.host_id()), 2);
}

TEST_F(DifferenceTest, ToAnUnknownBaseIsWantedInFullOnTheSameStream) {
  const auto lost = agent_.scan();
  const auto next = agent_.scan();
  Submission stream(agent_.channel());
  stream.difference(lost.manifest, next);
  ASSERT_TRUE(stream.answer()->has_wants_full());
  stream.offer(next);
  EXPECT_TRUE(stream.answer()->has_receipt());
  EXPECT_EQ(events_of(Event::Kind::kRefusal), 0);
}

TEST_F(DifferenceTest, ABaseOfAnotherHostIsAsGoodAsUnknown) {
  auto other = enrolled();
  const auto foreign = other.scan();
  ASSERT_TRUE(other.submit(foreign)->has_receipt());
  EXPECT_TRUE(answer_to_difference(foreign.manifest, agent_.scan())->has_wants_full());
  EXPECT_EQ(snapshots_of(agent_.host_id()), 1);
}

TEST_F(DifferenceTest, AFrameThatCannotBeRestoredIsWantedInFull) {
  const auto next = agent_.scan();
  const auto frame = evidence::compress_with(prefix(), next.manifest).value();
  for (std::size_t at = 0; at < frame.size(); ++at) {
    auto broken = frame;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    const auto answer = answer_to(with_frame(broken, next));
    ASSERT_TRUE(answer) << at;
    EXPECT_FALSE(answer->has_receipt()) << at;
  }
  for (const auto& bad : {std::string(), frame.substr(0, frame.size() - 1), frame + "x",
                          evidence::compress_with(prefix(), "{}\n").value()})
    EXPECT_TRUE(answer_to(with_frame(bad, next))->has_wants_full());
  EXPECT_EQ(snapshots_of(agent_.host_id()), 1);
}

TEST_F(DifferenceTest, ABombIsNotUnpacked) {
  const auto next = agent_.scan();
  const std::string large(evidence::kMaxManifestBytes + 1, 'x');
  for (const auto& bomb : {evidence::compress_with(prefix(), large).value(),
                           evidence::compress(std::string(64U << 20U, '0')).value()})
    EXPECT_TRUE(answer_to(with_frame(bomb, next))->has_wants_full());
  EXPECT_TRUE(answer_to(with_frame(std::string(200'000, 'x'), next))->has_wants_full());
}

TEST_F(DifferenceTest, TheSignatureIsOverTheWhole) {
  const auto next = agent_.scan();
  auto forged = next;
  forged.signature =
      agent_.sign(evidence::manifest_from_canonical(base_.manifest).value()).signature;
  EXPECT_EQ(answer_to_difference(base_.manifest, forged)->refusal().reason(),
            v1::Refusal::REASON_BAD_SIGNATURE);
}

TEST_F(DifferenceTest, AManifestOfAnotherHostIsRefusedWhateverItsBase) {
  auto other = enrolled();
  EXPECT_EQ(answer_to_difference(base_.manifest, other.scan())->refusal().reason(),
            v1::Refusal::REASON_FOREIGN_HOST);
}

TEST_F(DifferenceTest, BeforeTheWantedTablesItEndsTheStream) {
  const auto next = agent_.scan({"other"});
  Submission stream(agent_.channel());
  stream.difference(base_.manifest, next);
  ASSERT_TRUE(stream.answer()->has_wants());
  stream.difference(base_.manifest, next);
  EXPECT_FALSE(stream.answer());
  EXPECT_EQ(stream.finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace assay::collector
