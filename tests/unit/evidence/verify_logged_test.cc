// What a verifier says of proofs of logging in a bundle.
#include "tests/unit/evidence/ledger/logged_bundle.h"

namespace assay::evidence {
namespace {

using Outcome = Verification::Outcome;

class VerifyLogged : public LoggedBundle {
 protected:
  VerifyLogged() : LoggedBundle(3) {}

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
};

TEST_F(VerifyLogged, EverythingIsGoodByTheLedgersKeyAlone) {
  const auto report = verify(bundle_, trust());
  EXPECT_TRUE(report.is_good());
  for (const auto& entry : report.entries)
    EXPECT_NE(entry.outcome, Outcome::kBad) << entry.subject.en << ": " << entry.detail.en;
  EXPECT_EQ(outcomes(trust()), std::vector(bundle_.manifests.size() + 1, Outcome::kGood))
      << "and the CA";
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

// One manifest of a machine that believed in another time, accepted at a time of the ledger's.
class WrongClock : public LoggedBundle {
 public:
  WrongClock(const std::string& ended, const std::string& accepted)
      : LoggedBundle(scanned(ended), from_timestamp(accepted).value()) {}
  void TestBody() override {}
  [[nodiscard]] bool is_good(bool is_ledger_trusted) const {
    return verify(bundle_, is_ledger_trusted ? trust() : Trust()).is_good();
  }
  void forget_the_proof() { bundle_.manifests[0].logged.clear(); }

 private:
  static SampleBundle scanned(const std::string& ended) {
    auto sample = sample_bundle(1);
    auto manifest = sample_manifest(1);
    manifest.started = manifest.ended = ended;
    sample.bundle.manifests.clear();
    sample.add(manifest);
    return sample;
  }
};

// The certificate is one of November 2026.
TEST(VerifyWrongClock, WhenItWasAcceptedDecidesWhereTheMachinesTimeCannot) {
  for (const auto* ended : {"2025-11-21T01:02:04Z", "2027-11-21T01:02:04Z"}) {
    WrongClock bundle(ended, "2026-11-21T01:02:04Z");
    EXPECT_TRUE(bundle.is_good(true)) << ended;
    EXPECT_FALSE(bundle.is_good(false)) << "a time that nobody vouches for is none";
    bundle.forget_the_proof();
    EXPECT_FALSE(bundle.is_good(false));
    EXPECT_FALSE(WrongClock(ended, "2025-11-21T01:02:04Z").is_good(true))
        << "not valid then either";
  }
  EXPECT_TRUE(WrongClock("2026-11-21T01:02:04Z", "2027-11-21T01:02:04Z").is_good(true))
      << "what waited in a spool came later";
}

}  // namespace
}  // namespace assay::evidence
