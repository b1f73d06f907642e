#include <gtest/gtest.h>

#include <algorithm>

#include "evidence/bundle.h"
#include "evidence/canonical.h"
#include "evidence/signature.h"
#include "tests/unit/evidence/sample.h"

namespace assay::evidence {
namespace {

using Outcome = Verification::Outcome;

// A good bundle, what a test does to it, and what verify() then says.
class Verify : public testing::Test {
 protected:
  SampleBundle sample_ = sample_bundle(3);
  Bundle& bundle_ = sample_.bundle;

  [[nodiscard]] VerificationReport report() const {
    return verify(bundle_, {.ca_pem = sample_.authority.certificate});
  }
  // Whether something is bad, or not checked, for a reason that contains `words`.
  [[nodiscard]] bool says(Outcome outcome, std::string_view words) const {
    return std::ranges::any_of(report().entries, [&](const Verification& entry) {
      return entry.outcome == outcome && entry.detail.en.find(words) != std::string::npos;
    });
  }
  [[nodiscard]] bool is_bad(std::string_view words) const {
    return !report().is_good() && says(Outcome::kBad, words);
  }
};

// Each byte in turn, every third one where there are many.
template <typename Check>
void expect_each_alteration_found(std::string& bytes, const Check& check) {
  for (std::size_t i = 0; i < bytes.size(); i += bytes.size() > 400 ? 3U : 1U) {
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    EXPECT_FALSE(check()) << "byte " << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
  }
  EXPECT_TRUE(check());
}

TEST_F(Verify, AnUntouchedBundleIsGood) {
  EXPECT_TRUE(report().is_good());
  for (const auto& entry : report().entries) {
    EXPECT_EQ(entry.outcome, Outcome::kGood) << entry.subject.en << ": " << entry.detail.en;
    EXPECT_FALSE(entry.subject.zh_tw.empty());
    EXPECT_FALSE(entry.detail.zh_tw.empty());
  }
}

TEST_F(Verify, AnEmptyBundleIsNot) {
  EXPECT_FALSE(verify(Bundle{}, {}).is_good());
}

TEST_F(Verify, FindsEveryAlteredByteOfAManifest) {
  expect_each_alteration_found(bundle_.manifests[1].manifest,
                               [this] { return report().is_good(); });
}

TEST_F(Verify, FindsEveryAlteredByteOfASignature) {
  expect_each_alteration_found(bundle_.manifests[1].signature,
                               [this] { return report().is_good(); });
}

TEST_F(Verify, FindsEveryAlteredByteOfATable) {
  expect_each_alteration_found(bundle_.tables.begin()->second,
                               [this] { return report().is_good(); });
}

TEST_F(Verify, FindsEveryAlteredByteOfTheWholeArchive) {
  std::string archive = to_archive(sample_bundle(1).bundle).value();
  const std::string ca = bundle_from_archive(archive)->ca;
  expect_each_alteration_found(archive, [&] {
    const auto bundle = bundle_from_archive(archive);
    return bundle && verify(*bundle, {.ca_pem = ca}).is_good();
  });
}

TEST_F(Verify, FindsAnUnsignedManifestThatIsNotWhatItsNameSays) {
  Manifest manifest = sample_manifest(0);
  manifest.host_id.clear();
  bundle_.manifests = {{to_canonical(manifest).value(), "", "000000000000-" + sha256("").hex()}};
  EXPECT_TRUE(is_bad("its bytes were altered"));
}

TEST_F(Verify, SaysThatAnUnenrolledHostsManifestIsNotSigned) {
  Manifest manifest = sample_manifest(0);
  manifest.host_id.clear();
  bundle_.manifests = {{to_canonical(manifest).value(), "", ""}};
  EXPECT_TRUE(report().is_good());
  EXPECT_TRUE(says(Outcome::kNotChecked, "not signed"));
}

TEST_F(Verify, FindsARemovedSignature) {
  bundle_.manifests[0].signature.clear();
  EXPECT_TRUE(is_bad("the signature is missing"));
}

TEST_F(Verify, FindsAMissingTable) {
  bundle_.tables.clear();
  EXPECT_TRUE(is_bad("the table is not in the bundle"));
}

TEST_F(Verify, FindsATableThatNobodyLists) {
  const std::string table = to_canonical(Table(Header{"other", 1, {{"n", Type::kText}}})).value();
  bundle_.tables.emplace(sha256(table), table);
  EXPECT_TRUE(is_bad("no manifest in the bundle lists it"));
}

TEST_F(Verify, FindsATableListedUnderAnotherNameOrSize) {
  Manifest manifest = sample_manifest(1);
  manifest.tables[0].name = "sampel";
  bundle_.manifests.clear();
  sample_.add(manifest);
  EXPECT_TRUE(is_bad("another name or size"));
}

TEST_F(Verify, FindsABrokenChain) {
  Manifest manifest = sample_manifest(2);
  manifest.previous = sha256("another");
  bundle_.manifests.resize(1);
  sample_.add(manifest);
  EXPECT_TRUE(is_bad("the chain is broken"));
}

TEST_F(Verify, FindsTwoManifestsWithOneNumber) {
  Manifest manifest = sample_manifest(1);
  manifest.host_name = "web02";
  sample_.add(manifest);
  EXPECT_TRUE(is_bad("this number is there twice"));
}

TEST_F(Verify, SaysWhatItCannotCheckAcrossAGap) {
  bundle_.manifests.erase(bundle_.manifests.begin() + 1);
  EXPECT_TRUE(report().is_good());
  EXPECT_TRUE(says(Outcome::kNotChecked, "number 1 are not in the bundle"));
  bundle_.manifests.erase(bundle_.manifests.begin());
  EXPECT_TRUE(says(Outcome::kNotChecked, "earlier manifests"));
}

TEST_F(Verify, FindsTheCertificateOfAnotherHost) {
  bundle_.certificates = {make_agent(sample_.authority, "another-host").certificate};
  EXPECT_TRUE(is_bad("no certificate of this host"));
}

TEST_F(Verify, FindsACertificateOfAnotherCa) {
  const auto other = make_authority();
  bundle_.certificates.push_back(make_agent(other, "another-host").certificate);
  EXPECT_TRUE(is_bad("not a certificate of this CA"));
}

TEST_F(Verify, FindsASignatureMadeAfterTheCertificateEnded) {
  Manifest manifest = sample_manifest(1);
  manifest.ended = "2027-01-01T00:00:00Z";
  bundle_.manifests.clear();
  sample_.add(manifest);
  EXPECT_TRUE(is_bad("certificate has expired"));
}

TEST_F(Verify, AcceptsAnOlderAndANewerCertificateOfOneHost) {
  sample_.agent = make_certificate(
      {.uri = "spiffe://assay.test/agent/" + std::string(kSampleHost), .serial = 0x1235},
      &sample_.authority);
  bundle_.certificates.push_back(sample_.agent.certificate);
  Manifest manifest = sample_manifest(4);
  manifest.previous = sha256(bundle_.manifests.back().manifest);
  sample_.add(manifest);
  EXPECT_TRUE(report().is_good());
}

TEST_F(Verify, AForeignCaInTheBundleIsBad) {
  bundle_.ca = make_authority().certificate;
  EXPECT_TRUE(is_bad("not the one that you trust"));
}

TEST_F(Verify, ABundleThatVouchesForItselfSaysSo) {
  const auto report = verify(bundle_, {});
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(report.entries.at(0).outcome, Outcome::kNotChecked);
  EXPECT_NE(report.entries.at(0).detail.en.find("only the bundle itself"), std::string::npos);
}

TEST_F(Verify, SignedManifestsWithoutAnyCaAreBad) {
  bundle_.ca.clear();
  EXPECT_FALSE(verify(bundle_, {}).is_good());
}

}  // namespace
}  // namespace assay::evidence
