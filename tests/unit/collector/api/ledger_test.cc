// The ledger over the API: what it answers proves itself with nothing but the public key.
#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "evidence/base64.h"
#include "evidence/bundle.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"
#include "tests/unit/evidence/ledger/note_signer.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

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

  // An authority stamps the latest checkpoint.
  void stamp() {
    const auto latest = store_->checkpoint().value();
    const auto query = evidence::time_stamp_query(evidence::sha256(latest.note)).value();
    StoredTimeStamp stamp;
    stamp.size = latest.head.size;
    stamp.at = now_;
    stamp.note = latest.note;
    stamp.token =
        evidence::time_stamp_in(authority_.reply(query.der, now_), query, authority_.ca()).value();
    ASSERT_TRUE(store_->add_time_stamp(stamp));
  }

  // A witness co-signs the latest checkpoint.
  void cosign(const evidence::NoteSigner& witness) {
    const auto latest = store_->checkpoint().value();
    ASSERT_TRUE(store_->add_cosignature({evidence::to_text(witness.key), latest.head.size, now_,
                                         latest.note, witness.line_over(latest.note, now_)}));
  }
  evidence::Bundle bundle_of(const std::string& snapshot) {
    return evidence::bundle_from_bytes(answer("/api/v1/snapshots/" + snapshot + "/bundle").body)
        .value();
  }

  evidence::NoteSigner witness_{"witness.example/w1"};
  evidence::StampAuthority authority_;
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
  EXPECT_EQ(evidence::ledger_entry_from(proof->extra)->digest, id);
  EXPECT_TRUE(evidence::verify_logged(*proof, proof->extra, key_.verifier(), key_.verifier().name));
  EXPECT_EQ(evidence::tlog_proof_from(answer("/api/v1/ledger/proof?snapshot=web-1").body)->index,
            1 + kActsOfEnrolling);
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
  const auto bytes = answer("/api/v1/ledger/tile/entries/000.p/7").body;
  std::vector<evidence::Digest> leaves;
  for (std::size_t at = 0; at + 2 <= bytes.size();) {
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) * 256 +
                      static_cast<unsigned char>(bytes[at + 1]);
    leaves.push_back(evidence::leaf_hash(std::string_view(bytes).substr(at + 2, size)));
    at += 2 + size;
  }
  ASSERT_EQ(leaves.size(), 5U + kActsOfEnrolling);
  EXPECT_EQ(evidence::grow(0, leaves, nullptr)->head, head());
  const auto tile = answer("/api/v1/ledger/tile/0/000.p/7").body;
  EXPECT_EQ(tile.substr(32, 32), leaves[1].raw());
  EXPECT_EQ(answer("/api/v1/ledger/tile/0/000.p/2").body, tile.substr(0, 64));
  for (const auto* path : {"0/000", "0/000.p/8", "0/001", "1/000.p/1", "entries/000", "entries/001",
                           "entries/000.p/8", "0/0", "x/000", "0/x009/x999/x999/x999/x999/999"})
    EXPECT_EQ(status(std::string("/api/v1/ledger/tile/") + path), 404) << path;
}

TEST_F(LedgerApiTest, TwoSizesAreProvenConsistent) {
  (void)scan(host_);
  log();
  const auto before = head();
  for (int i = 0; i < 6; ++i) (void)scan(host_);
  log();
  const auto answer = get("/api/v1/ledger/consistency?from=3&to=9");
  evidence::Proof proof;
  for (const auto& hash : answer["hashes"])
    proof.push_back(
        evidence::Digest::from_raw(evidence::from_base64(hash.get<std::string>()).value()).value());
  EXPECT_TRUE(evidence::verify_consistency(before, head(), proof));
  for (const auto* query : {"", "?from=1", "?to=7", "?from=2&to=1", "?from=1&to=10",
                            "?from=-1&to=7", "?from=x&to=7", "?from=99999999999999999999&to=7"})
    EXPECT_EQ(status(std::string("/api/v1/ledger/consistency") + query), 400) << query;
}

TEST_F(LedgerApiTest, TimeStampsAreListedAndGivenOut) {
  EXPECT_TRUE(get("/api/v1/ledger/timestamps")["items"].empty());
  for (int i = 0; i < 2; ++i) {
    (void)scan(host_);
    log();
    stamp();
  }
  const auto items = get("/api/v1/ledger/timestamps")["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["size"], 2 + kActsOfEnrolling) << "the latest first";
  EXPECT_EQ(items[0]["at"], time());
  EXPECT_EQ(items[0]["authority"], "CN=agent");
  const auto number = items[1]["number"].get<std::int64_t>();
  const auto token = answer("/api/v1/ledger/timestamps/" + std::to_string(number));
  EXPECT_EQ(token.content_type, "application/vnd.etsi.timestamp-token");
  EXPECT_TRUE(evidence::verify_time_stamp(
      token.body, evidence::sha256(items[1]["checkpoint"].get<std::string>()), authority_.ca()));
  for (const auto* other : {"99", "0", "-1", "x", "1x", "99999999999999999999"})
    EXPECT_EQ(status(std::string("/api/v1/ledger/timestamps/") + other), 404) << other;
}

// The first that covers it says most: it was there no later than then.
TEST_F(LedgerApiTest, ABundleCarriesTheFirstTimeStampThatCoversIt) {
  (void)scan(host_);
  log();
  stamp();
  const auto first = time();
  const auto digest = store_->snapshots(host_.id, {})->items.at(0).digest.hex();
  (void)scan(host_);
  log();
  stamp();
  const auto bundle =
      evidence::bundle_from_bytes(answer("/api/v1/snapshots/" + digest + "/bundle").body).value();
  EXPECT_EQ(bundle.stamps.size(), 1U);
  evidence::Trust trust;
  trust.ledger = key_.verifier();
  trust.stamp_authorities = authority_.ca();
  bool is_stamped = false;
  for (const auto& entry : evidence::verify(bundle, trust).entries) {
    EXPECT_EQ(entry.outcome, evidence::Verification::Outcome::kGood)
        << entry.subject.en << ": " << entry.detail.en;
    is_stamped = is_stamped || entry.detail.en.find("no later than " + first) != std::string::npos;
  }
  EXPECT_TRUE(is_stamped);
}

TEST_F(LedgerApiTest, ABundleOfWhatNoTimeStampCoversYetIsProvenByTheLatestCheckpoint) {
  (void)scan(host_);
  log();
  stamp();
  (void)scan(host_);
  log();
  const auto bundle =
      evidence::bundle_from_bytes(answer("/api/v1/snapshots/web-1/bundle").body).value();
  EXPECT_TRUE(bundle.stamps.empty());
  EXPECT_FALSE(bundle.manifests[0].logged.empty());
}

TEST_F(LedgerApiTest, TheCheckpointIsServedWithItsCosignatures) {
  EXPECT_EQ(status("/api/v1/ledger/witnessed"), 404);
  EXPECT_TRUE(get("/api/v1/ledger/cosignatures")["items"].empty());
  (void)scan(host_);
  log();
  const auto bare = answer("/api/v1/ledger/checkpoint").body;
  cosign(witness_);
  const evidence::NoteSigner other("witness.example/w2");
  cosign(other);
  const auto cosigned = answer("/api/v1/ledger/checkpoint").body;
  EXPECT_TRUE(cosigned.starts_with(bare));
  const auto opened = evidence::open_checkpoint(cosigned, key_.verifier(), key_.verifier().name,
                                                std::vector{witness_.key, other.key});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->witnesses.size(), 2U);
  EXPECT_EQ(answer("/api/v1/ledger/witnessed").body, cosigned);
  (void)scan(host_);
  log();
  EXPECT_EQ(answer("/api/v1/ledger/witnessed").body, cosigned) << "it is older than the latest";
  EXPECT_EQ(evidence::note_from_text(answer("/api/v1/ledger/checkpoint").body)->signatures.size(),
            1U);
  const auto items = get("/api/v1/ledger/cosignatures")["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["witness"], evidence::to_text(witness_.key));
  EXPECT_EQ(items[0]["size"], 1 + kActsOfEnrolling);
  EXPECT_TRUE(evidence::open_checkpoint(items[0]["checkpoint"].get<std::string>(), key_.verifier(),
                                        key_.verifier().name, std::vector{witness_.key}));
}

TEST_F(LedgerApiTest, ABundleCarriesWhatEachWitnessSaidLast) {
  const auto first = scan(host_).hex();
  log();
  const evidence::NoteSigner other("witness.example/w2");
  cosign(other);
  (void)scan(host_);
  log();
  stamp();
  cosign(witness_);
  const auto bundle = bundle_of(first);
  EXPECT_EQ(bundle.manifests[0].witnessed.size(), 2U);
  evidence::Trust trust;
  trust.ledger = key_.verifier();
  trust.witnesses = {witness_.key, other.key};
  trust.stamp_authorities = authority_.ca();
  for (const auto& entry : evidence::verify(bundle, trust).entries)
    EXPECT_EQ(entry.outcome, evidence::Verification::Outcome::kGood)
        << entry.subject.en << ": " << entry.detail.en;
  // The other one has not seen the second snapshot.
  const auto later = bundle_of("web-1");
  EXPECT_EQ(later.manifests[0].witnessed.size(), 1U);
  EXPECT_FALSE(evidence::verify(later, trust).is_good());
  trust.witnesses = {witness_.key};
  EXPECT_TRUE(evidence::verify(later, trust).is_good());
}

}  // namespace
}  // namespace assay::collector::api
