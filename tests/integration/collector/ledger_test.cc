// The Ledger service as a stranger, a hostile agent and an honest one see it.
#include "assay/v1/ledger.grpc.pb.h"
#include "assay/v1/limits.pb.h"
#include "evidence/ledger/tlog_proof.h"
#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

class LedgerServiceTest : public CollectorTest {
 protected:
  static grpc::Status prove(TestAgent& agent, const v1::ProveRequest& request,
                            v1::ProveResponse* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    return v1::Ledger::NewStub(agent.channel())->Prove(&context, request, response);
  }
  static grpc::StatusCode code(TestAgent& agent, const v1::ProveRequest& request) {
    v1::ProveResponse response;
    return prove(agent, request, &response).error_code();
  }
};

TEST_F(LedgerServiceTest, OnlyEnrolledAgentsAreAnswered) {
  auto nobody = stranger();
  EXPECT_EQ(code(nobody, {}), grpc::StatusCode::UNAUTHENTICATED);
  auto agent = enrolled();
  EXPECT_EQ(code(agent, {}), grpc::StatusCode::NOT_FOUND) << "nothing was logged yet";
  ASSERT_TRUE(store().revoke_host(agent.host_id(), evidence::Seconds(std::chrono::days(1))));
  EXPECT_EQ(code(agent, {}), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(LedgerServiceTest, ProvesWhatIsLoggedAndLeavesOutWhatIsNot) {
  auto agent = enrolled();
  const auto first = agent.scan();
  ASSERT_TRUE(agent.submit(first)->has_receipt());
  log();
  const auto second = agent.scan({"root", "mei-ling"});
  ASSERT_TRUE(agent.submit(second)->has_receipt());
  v1::ProveRequest request;
  request.add_manifest_digests(first.digest().raw());
  request.add_manifest_digests(second.digest().raw());
  v1::ProveResponse response;
  ASSERT_TRUE(prove(agent, request, &response).ok());
  ASSERT_EQ(response.inclusions_size(), 1);
  evidence::TlogProof proof{
      response.inclusions(0).entry(), response.inclusions(0).index(), {}, response.checkpoint()};
  for (const auto& hash : response.inclusions(0).hashes())
    proof.hashes.push_back(evidence::Digest::from_raw(hash).value());
  EXPECT_TRUE(evidence::verify_logged(proof, proof.extra, ledger_key().verifier(),
                                      ledger_key().verifier().name));
  EXPECT_EQ(response.verifier_key(), evidence::to_text(ledger_key().verifier()));
}

TEST_F(LedgerServiceTest, AnotherHostsSnapshotsAreAsIfTheyWereNotThere) {
  auto one = enrolled();
  auto other = enrolled();
  const auto snapshot = one.scan();
  ASSERT_TRUE(one.submit(snapshot)->has_receipt());
  log();
  v1::ProveRequest request;
  request.add_manifest_digests(snapshot.digest().raw());
  v1::ProveResponse response;
  ASSERT_TRUE(prove(other, request, &response).ok());
  EXPECT_EQ(response.inclusions_size(), 0);
}

TEST_F(LedgerServiceTest, RefusesWhatIsOverALimitOrNoDigest) {
  auto agent = enrolled();
  ASSERT_TRUE(agent.submit(agent.scan())->has_receipt());
  log();
  v1::ProveRequest request;
  request.add_manifest_digests("short");
  EXPECT_EQ(code(agent, request), grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_manifest_digests();
  for (int i = 0; i <= v1::LIMIT_PROOFS; ++i) request.add_manifest_digests(std::string(32, 'x'));
  EXPECT_EQ(code(agent, request), grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_manifest_digests();
  request.set_held_checkpoint(std::string(v1::LIMIT_NOTE_BYTES + 1, 'x'));
  EXPECT_EQ(code(agent, request), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(LedgerServiceTest, ACheckpointOfNobodysIsAnEventAndIsAnswered) {
  auto agent = enrolled();
  ASSERT_TRUE(agent.submit(agent.scan())->has_receipt());
  log();
  v1::ProveRequest request;
  request.set_held_checkpoint("no note at all");
  v1::ProveResponse response;
  ASSERT_TRUE(prove(agent, request, &response).ok());
  EXPECT_EQ(response.consistency_size(), 0);
  EXPECT_EQ(events_of(Event::Kind::kLedger), 1);
}

TEST_F(LedgerServiceTest, ALedgerThatCannotBeReadIsNoAnswer) {
  auto agent = enrolled();
  const auto snapshot = agent.scan();
  ASSERT_TRUE(agent.submit(snapshot)->has_receipt());
  log();
  execute("DELETE FROM ledger_tiles");
  v1::ProveRequest request;
  request.add_manifest_digests(snapshot.digest().raw());
  EXPECT_EQ(code(agent, request), grpc::StatusCode::UNAVAILABLE);
  request.clear_manifest_digests();
  ASSERT_TRUE(agent.submit(agent.scan({"a", "b"}))->has_receipt());
  request.set_held_checkpoint(store().checkpoint()->note);
  EXPECT_EQ(code(agent, request), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace assay::collector
