// The ledger over the API: what it answers proves itself with nothing but the public key.
#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "evidence/base64.h"
#include "evidence/bundle.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class LedgerApiTest : public World {
 protected:
  void log() {
    SequencerOptions options;
    options.now = [this] { return now_; };
    ASSERT_TRUE(sequence_once(*store_, key_, options));
  }
  evidence::TreeHead head() {
    const auto note = answer("/api/v1/ledger/checkpoint");
    const auto opened = evidence::open_checkpoint(note.body, key_.verifier(), key_.verifier().name);
    EXPECT_TRUE(opened) << note.body;
    return opened ? opened->checkpoint.head : evidence::TreeHead();
  }

  Machine host_ = enroll("web-1");
  LedgerKey key_ =
      LedgerKey::open_or_create(folder_, evidence::read_certificate(ca_.certificate)->fingerprint)
          .value();
};

TEST_F(LedgerApiTest, SaysThatNothingWasLoggedYet) {
  EXPECT_EQ(status("/api/v1/ledger/checkpoint"), 404);
  EXPECT_EQ(get("/api/v1/ledger")["size"], 0);
  EXPECT_TRUE(get("/api/v1/ledger")["root"].is_null());
  const auto id = scan(host_);
  EXPECT_EQ(status("/api/v1/ledger/proof?snapshot=" + id.hex()), 404);
}

TEST_F(LedgerApiTest, ASnapshotIsProvenByThePublicKeyAlone) {
  const auto id = scan(host_);
  log();
  (void)scan(host_);
  log();
  const auto response = answer("/api/v1/ledger/proof?snapshot=" + id.hex());
  ASSERT_EQ(response.status, 200) << response.body;
  const auto proof = evidence::tlog_proof_from(response.body);
  ASSERT_TRUE(proof) << proof.error().message();
  EXPECT_EQ(evidence::ledger_entry_from(proof->extra)->manifest, id);
  EXPECT_TRUE(evidence::verify_logged(*proof, proof->extra, key_.verifier(), key_.verifier().name));
  EXPECT_EQ(evidence::tlog_proof_from(answer("/api/v1/ledger/proof?snapshot=web-1").body)->index,
            1);
  EXPECT_EQ(status("/api/v1/ledger/proof"), 400);
  EXPECT_EQ(status("/api/v1/ledger/proof?snapshot=" + std::string(64, '0')), 404);
}

// A bundle that was exported proves all of it: the host's signature, its CA, that it was logged.
TEST_F(LedgerApiTest, ABundleCarriesItsProof) {
  (void)scan(host_);
  log();
  const auto bundle =
      evidence::bundle_from_bytes(answer("/api/v1/snapshots/web-1/bundle").body).value();
  evidence::Trust trust;
  trust.ledger = key_.verifier();
  const auto report = evidence::verify(bundle, trust);
  EXPECT_TRUE(report.is_good());
  for (const auto& entry : report.entries)
    EXPECT_EQ(entry.outcome, evidence::Verification::Outcome::kGood)
        << entry.subject.en << ": " << entry.detail.en;
}

TEST_F(LedgerApiTest, ABundleOfASnapshotThatIsNotLoggedYetHasNoProof) {
  (void)scan(host_);
  auto bundle = evidence::bundle_from_bytes(answer("/api/v1/snapshots/web-1/bundle").body).value();
  EXPECT_TRUE(bundle.manifests[0].logged.empty());
  evidence::Trust trust;
  trust.ledger = key_.verifier();
  EXPECT_FALSE(evidence::verify(bundle, trust).is_good());
  EXPECT_TRUE(evidence::verify(bundle, {}).is_good());
}

// Whoever fetches tiles and entries builds the same tree.
TEST_F(LedgerApiTest, TilesAndEntriesMakeUpTheTree) {
  for (int i = 0; i < 5; ++i) (void)scan(host_);
  log();
  const auto bytes = answer("/api/v1/ledger/tile/entries/000.p/5").body;
  std::vector<evidence::Digest> leaves;
  for (std::size_t at = 0; at + 2 <= bytes.size();) {
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) * 256 +
                      static_cast<unsigned char>(bytes[at + 1]);
    leaves.push_back(evidence::leaf_hash(std::string_view(bytes).substr(at + 2, size)));
    at += 2 + size;
  }
  ASSERT_EQ(leaves.size(), 5U);
  EXPECT_EQ(evidence::grow(0, leaves, nullptr)->head, head());
  const auto tile = answer("/api/v1/ledger/tile/0/000.p/5").body;
  EXPECT_EQ(tile.substr(32, 32), leaves[1].raw());
  EXPECT_EQ(answer("/api/v1/ledger/tile/0/000.p/2").body, tile.substr(0, 64));
  for (const auto* path : {"0/000", "0/000.p/6", "0/001", "1/000.p/1", "entries/000", "entries/001",
                           "entries/000.p/6", "0/0", "x/000", "0/x009/x999/x999/x999/x999/999"})
    EXPECT_EQ(status(std::string("/api/v1/ledger/tile/") + path), 404) << path;
}

TEST_F(LedgerApiTest, TwoSizesAreProvenConsistent) {
  (void)scan(host_);
  log();
  const auto before = head();
  for (int i = 0; i < 6; ++i) (void)scan(host_);
  log();
  const auto answer = get("/api/v1/ledger/consistency?from=1&to=7");
  evidence::Proof proof;
  for (const auto& hash : answer["hashes"])
    proof.push_back(
        evidence::Digest::from_raw(evidence::from_base64(hash.get<std::string>()).value()).value());
  EXPECT_TRUE(evidence::verify_consistency(before, head(), proof));
  for (const auto* query : {"", "?from=1", "?to=7", "?from=2&to=1", "?from=1&to=8", "?from=-1&to=7",
                            "?from=x&to=7", "?from=99999999999999999999&to=7"})
    EXPECT_EQ(status(std::string("/api/v1/ledger/consistency") + query), 400) << query;
}

}  // namespace
}  // namespace assay::collector::api
