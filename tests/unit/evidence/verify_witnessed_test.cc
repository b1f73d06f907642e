// What a verifier says of witnesses' co-signatures in a bundle.
#include "tests/unit/evidence/ledger/logged_bundle.h"
#include "tests/unit/evidence/ledger/note_signer.h"

namespace assay::evidence {
namespace {

using Outcome = Verification::Outcome;

constexpr Seconds kWhen{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)};

// Two manifests that are logged, and by the same checkpoint, co-signed by a witness, once more.
class VerifyWitnessed : public LoggedBundle {
 protected:
  VerifyWitnessed() : LoggedBundle(2) {
    for (auto& manifest : bundle_.manifests)
      manifest.witnessed = {cosigned(manifest.logged, witness_)};
  }

  [[nodiscard]] static std::string cosigned(const std::string& logged, const NoteSigner& by,
                                            Seconds at = kWhen) {
    auto proof = tlog_proof_from(logged).value();
    proof.checkpoint += by.line_over(proof.checkpoint, at);
    return to_text(proof);
  }
  [[nodiscard]] Trust trusting(std::vector<VerifierKey> witnesses) const {
    auto out = trust();
    out.witnesses = std::move(witnesses);
    return out;
  }
  // How the lines about witnesses came out, those of the first manifest first.
  [[nodiscard]] std::vector<Outcome> outcomes(const Trust& trust) const {
    std::vector<Outcome> out;
    for (const auto& entry : verify(bundle_, trust).entries)
      if (entry.detail.en.find("witness") != std::string::npos ||
          entry.detail.en.find("co-sign") != std::string::npos)
        out.push_back(entry.outcome);
    return out;
  }
  [[nodiscard]] bool is_good(const Trust& trust) const { return verify(bundle_, trust).is_good(); }

  NoteSigner witness_{"witness.example/w1"};
  NoteSigner other_{"witness.example/w2"};
};

TEST_F(VerifyWitnessed, SaysWhoHasSeenItAndWhen) {
  const auto report = verify(bundle_, trusting({witness_.key}));
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(outcomes(trusting({witness_.key})), std::vector(2, Outcome::kGood));
  bool is_said = false;
  for (const auto& entry : report.entries) {
    EXPECT_NE(entry.outcome, Outcome::kBad) << entry.subject.en << ": " << entry.detail.en;
    is_said = is_said || entry.detail.zh_tw ==
                             "由 witness.example/w1 於 2026-11-20T00:00:00Z 見證，當時帳本共 2 筆";
  }
  EXPECT_TRUE(is_said);
}

TEST_F(VerifyWitnessed, SurvivesTheBundleFile) {
  for (auto& manifest : bundle_.manifests)
    for (int i = 0; i < 11; ++i)
      manifest.witnessed.push_back(
          cosigned(manifest.logged, other_, kWhen + std::chrono::hours(i)));
  const auto again = bundle_from_bytes(to_bytes(bundle_).value());
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->manifests[0].witnessed, bundle_.manifests[0].witnessed) << "in their order";
  bundle_ = *again;
  EXPECT_EQ(outcomes(trusting({witness_.key, other_.key})), std::vector(4, Outcome::kGood));
}

TEST_F(VerifyWitnessed, WhoIsNotNamedIsSaidToBeUnchecked) {
  EXPECT_EQ(outcomes(trust()), std::vector(2, Outcome::kNotChecked));
  EXPECT_TRUE(is_good(trust()));
  const Trust by_ca{.ca_pem = sample_.authority.certificate, .witnesses = {witness_.key}};
  EXPECT_EQ(outcomes(by_ca), std::vector(2, Outcome::kNotChecked)) << "of which ledger?";
}

TEST_F(VerifyWitnessed, AWitnessThatIsNamedMustHaveCosigned) {
  EXPECT_EQ(outcomes(trusting({witness_.key, other_.key})),
            std::vector({Outcome::kGood, Outcome::kBad, Outcome::kGood, Outcome::kBad}));
  EXPECT_FALSE(is_good(trusting({witness_.key, other_.key})));
  for (auto& manifest : bundle_.manifests) manifest.witnessed.clear();
  EXPECT_FALSE(is_good(trusting({witness_.key})));
  EXPECT_TRUE(is_good(trust()));
}

TEST_F(VerifyWitnessed, ALineInTheProofOfLoggingItselfCountsAsWell) {
  for (auto& manifest : bundle_.manifests) {
    manifest.logged = manifest.witnessed.front();
    manifest.witnessed.clear();
  }
  EXPECT_EQ(outcomes(trusting({witness_.key})), std::vector(2, Outcome::kGood));
}

TEST_F(VerifyWitnessed, ANamesakeIsNotTheWitness) {
  EXPECT_FALSE(is_good(trusting({NoteSigner(witness_.key.name).key})));
}

TEST_F(VerifyWitnessed, AProofOfAnotherManifestIsBad) {
  std::swap(bundle_.manifests[0].witnessed, bundle_.manifests[1].witnessed);
  EXPECT_FALSE(is_good(trusting({witness_.key})));
  EXPECT_FALSE(is_good(trust()));
  EXPECT_FALSE(is_good({.ca_pem = sample_.authority.certificate})) << "that needs no key";
}

TEST_F(VerifyWitnessed, AProofThatNobodyCosignedIsBad) {
  bundle_.manifests[0].witnessed = {bundle_.manifests[0].logged};
  EXPECT_FALSE(is_good(trust()));
}

TEST_F(VerifyWitnessed, AnotherLogsCheckpointIsBad) {
  const auto pem = new_note_key().value();
  const auto key = verifier_key_of(pem, key_.name, KeyKind::kLog).value();
  auto proof = tlog_proof_from(bundle_.manifests[0].logged).value();
  const auto text = note_from_text(proof.checkpoint)->text;
  proof.checkpoint = to_text(Note{text, {sign_note(pem, key, text).value()}});
  bundle_.manifests[0].witnessed = {cosigned(to_text(proof), witness_)};
  EXPECT_FALSE(is_good(trusting({witness_.key})));
}

TEST_F(VerifyWitnessed, EveryAlteredByteOfAProofIsFound) {
  const std::string good = bundle_.manifests[1].witnessed.front();
  for (std::size_t i = 0; i < good.size(); ++i) {
    bundle_.manifests[1].witnessed.front() = good;
    bundle_.manifests[1].witnessed.front()[i] = static_cast<char>(good[i] ^ 1);
    EXPECT_FALSE(is_good(trusting({witness_.key}))) << i;
  }
}

TEST_F(VerifyWitnessed, ABundleHasItsProofsInOrder) {
  bundle_.manifests[0].witnessed.resize(kMaxWitnessedProofs + 1,
                                        bundle_.manifests[0].witnessed.front());
  EXPECT_FALSE(bundle_from_bytes(to_bytes(bundle_).value())) << "too many";
  bundle_.manifests[0].witnessed.resize(1);
  bundle_.manifests[0].logged.clear();
  EXPECT_FALSE(bundle_from_bytes(to_bytes(bundle_).value())) << "without a proof of logging";
}

}  // namespace
}  // namespace assay::evidence
