// What a verifier says of proofs of logging in a bundle.
#include <gtest/gtest.h>

#include "evidence/bundle.h"
#include "evidence/ledger/origin.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/signature.h"
#include "tests/unit/evidence/ledger/trees.h"
#include "tests/unit/evidence/sample.h"

namespace assay::evidence {
namespace {

using Outcome = Verification::Outcome;

class VerifyLogged : public testing::Test {
 protected:
  VerifyLogged() {
    for (std::size_t i = 0; i < bundle_.manifests.size(); ++i) log(i);
    const auto head = tree_.add(leaves_);
    for (std::size_t i = 0; i < bundle_.manifests.size(); ++i) {
      TileTree tree(head.size, tree_.reader());
      const auto index = static_cast<std::int64_t>(i);
      const TlogProof proof{entries_[i], index,
                            inclusion_proof(index, head.size, tree.reader()).value(), sign(head)};
      bundle_.manifests[i].logged = to_text(proof);
    }
  }

  void log(std::size_t i) {
    const auto manifest = manifest_from_canonical(bundle_.manifests[i].manifest).value();
    entries_.push_back(to_text(LedgerEntry{sha256(bundle_.manifests[i].manifest), manifest.host_id,
                                           manifest.sequence, Seconds(std::chrono::days(20'000))}));
    leaves_.push_back(leaf_hash(entries_.back()));
  }
  std::string sign(const TreeHead& head) {
    const auto text = to_text(Checkpoint{key_.name, head, {}});
    return to_text(Note{text, {sign_note(pem_, key_, text).value()}});
  }
  [[nodiscard]] Trust trust() const {
    Trust out;
    out.ledger = key_;
    return out;
  }
  // How the lines about proofs came out.
  [[nodiscard]] std::vector<Outcome> outcomes(const Trust& trust) const {
    std::vector<Outcome> out;
    for (const auto& entry : verify(bundle_, trust).entries)
      if (entry.detail.en.find("ledger") != std::string::npos ||
          entry.detail.en.find("proof") != std::string::npos ||
          entry.detail.en.find("note: ") != std::string::npos)
        out.push_back(entry.outcome);
    return out;
  }
  [[nodiscard]] bool is_good(const Trust& trust) const { return verify(bundle_, trust).is_good(); }

  SampleBundle sample_ = sample_bundle(3);
  Bundle bundle_ = sample_.bundle;
  std::string pem_ = new_note_key().value();
  VerifierKey key_ =
      verifier_key_of(pem_,
                      ledger_origin(read_certificate(sample_.authority.certificate)->fingerprint),
                      KeyKind::kLog)
          .value();
  TiledTree tree_;
  std::vector<std::string> entries_;
  std::vector<Digest> leaves_;
};

TEST_F(VerifyLogged, EverythingIsGoodByTheLedgersKeyAlone) {
  const auto report = verify(bundle_, trust());
  EXPECT_TRUE(report.is_good());
  for (const auto& entry : report.entries)
    EXPECT_NE(entry.outcome, Outcome::kBad) << entry.subject.en << ": " << entry.detail.en;
  EXPECT_EQ(outcomes(trust()),
            std::vector(bundle_.manifests.size() + 1, Outcome::kGood)) << "and the CA";
}

TEST_F(VerifyLogged, SurvivesTheBundleFile) {
  const auto again = bundle_from_bytes(to_bytes(bundle_).value());
  ASSERT_TRUE(again) << again.error().message();
  bundle_ = *again;
  EXPECT_TRUE(is_good(trust()));
}

TEST_F(VerifyLogged, WithoutTheKeyNothingIsClaimed) {
  const auto found = outcomes({.ca_pem = sample_.authority.certificate});
  EXPECT_EQ(found, std::vector(bundle_.manifests.size(), Outcome::kNotChecked));
  EXPECT_TRUE(is_good({.ca_pem = sample_.authority.certificate}));
}

TEST_F(VerifyLogged, AMissingProofIsBadWhenTheKeyIsGiven) {
  bundle_.manifests[0].logged.clear();
  EXPECT_FALSE(is_good(trust()));
  EXPECT_TRUE(is_good({.ca_pem = sample_.authority.certificate}));
}

TEST_F(VerifyLogged, AProofOfAnotherManifestIsBad) {
  std::swap(bundle_.manifests[0].logged, bundle_.manifests[1].logged);
  EXPECT_FALSE(is_good(trust()));
  EXPECT_FALSE(is_good({.ca_pem = sample_.authority.certificate})) << "that needs no key";
}

TEST_F(VerifyLogged, AnotherLedgersKeyIsBad) {
  auto other = trust();
  other.ledger = verifier_key_of(new_note_key().value(), key_.name, KeyKind::kLog).value();
  EXPECT_FALSE(is_good(other));
}

TEST_F(VerifyLogged, ALedgerOfAnotherCaIsBad) {
  auto other = trust();
  other.ledger = verifier_key_of(pem_, ledger_origin(sha256("x")), KeyKind::kLog).value();
  EXPECT_FALSE(is_good(other));
}

TEST_F(VerifyLogged, EveryAlteredByteOfAProofIsFound) {
  const std::string good = bundle_.manifests[1].logged;
  for (std::size_t i = 0; i < good.size(); ++i) {
    bundle_.manifests[1].logged = good;
    bundle_.manifests[1].logged[i] = static_cast<char>(good[i] ^ 1);
    EXPECT_FALSE(is_good(trust())) << i;
  }
}

}  // namespace
}  // namespace assay::evidence
