#include "evidence/signature.h"

#include <gtest/gtest.h>

#include "evidence/limits.h"
#include "tests/unit/evidence/authority.h"

namespace assay::evidence {
namespace {

const Seconds kNow = from_timestamp("2026-11-21T01:02:03Z").value();

// One CA and one agent, as after an enrollment.
class Signature : public testing::Test {
 protected:
  KeyAndCertificate authority_ = make_authority();
  KeyAndCertificate agent_ = make_agent(authority_, "host-1");
  std::string signature_ = sign(agent_.key, "message").value();

  // What verify_issued_by() says of a certificate with `wish` from this CA.
  [[nodiscard]] Status issued(const CertificateWish& wish, Seconds when = kNow) const {
    return verify_issued_by(make_certificate(wish, &authority_).certificate, authority_.certificate,
                            when);
  }
};

TEST_F(Signature, OfTheKeyOverTheMessageIsGood) {
  EXPECT_TRUE(verify_signature(agent_.certificate, "message", signature_));
  EXPECT_LE(signature_.size(), kMaxSignatureBytes);
}

TEST_F(Signature, OverAnotherMessageIsNot) {
  EXPECT_EQ(verify_signature(agent_.certificate, "massage", signature_).error().code(),
            Code::kUnauthenticated);
}

TEST_F(Signature, OfAnotherKeyIsNot) {
  const auto other = make_agent(authority_, "host-2");
  EXPECT_EQ(verify_signature(other.certificate, "message", signature_).error().code(),
            Code::kUnauthenticated);
}

TEST_F(Signature, WithAnyByteAlteredIsNot) {
  for (std::size_t i = 0; i < signature_.size(); ++i) {
    std::string altered = signature_;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(verify_signature(agent_.certificate, "message", altered)) << i;
  }
}

TEST_F(Signature, IsStrictDer) {
  EXPECT_FALSE(verify_signature(agent_.certificate, "message", ""));
  EXPECT_FALSE(verify_signature(agent_.certificate, "message", signature_ + '\0'));
  EXPECT_FALSE(verify_signature(agent_.certificate, "message", std::string(4096, 'x')));
}

TEST_F(Signature, ACertificateThatIsOpenedOnceAnswersEverything) {
  const auto agent = OpenedCertificate::of(agent_.certificate).value();
  const auto ca = OpenedCertificate::of(authority_.certificate).value();
  const auto stranger = OpenedCertificate::of(make_authority().certificate).value();
  EXPECT_EQ(agent.facts()->fingerprint, read_certificate(agent_.certificate)->fingerprint);
  EXPECT_EQ(agent.facts()->host_id, "host-1");
  EXPECT_TRUE(agent.verifying_key()->verify(sha256("message"), signature_));
  EXPECT_TRUE(agent.verify_issued_by(ca, kNow));
  EXPECT_EQ(agent.verify_issued_by(stranger, kNow).error().code(), Code::kUnauthenticated);
  EXPECT_EQ(agent.verify_issued_by(agent, kNow).error().code(), Code::kUnauthenticated);
  EXPECT_EQ(OpenedCertificate::of("no certificate").error().code(), Code::kInvalidData);
}

TEST_F(Signature, ANewKeySigns) {
  const auto key = new_private_key();
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->starts_with("-----BEGIN PRIVATE KEY-----\n"));
  EXPECT_TRUE(sign(*key, "message"));
  EXPECT_NE(*key, new_private_key().value());
}

TEST_F(Signature, OtherCurvesAndRubbishAreRefused) {
  const auto other = make_certificate({.group = "P-384"}, &authority_);
  EXPECT_EQ(sign(other.key, "message").error().code(), Code::kInvalidData);
  EXPECT_EQ(verify_signature(other.certificate, "m", signature_).error().code(),
            Code::kInvalidData);
  EXPECT_EQ(sign("", "message").error().code(), Code::kInvalidData);
  EXPECT_EQ(sign(agent_.certificate, "message").error().code(), Code::kInvalidData);
  EXPECT_EQ(read_certificate("rubbish").error().code(), Code::kInvalidData);
  EXPECT_EQ(read_certificate(std::string(kMaxPemBytes + 1, 'x')).error().code(), Code::kTooLarge);
}

TEST_F(Signature, AnEncryptedKeyIsRefusedWithoutAsking) {
  const std::string encrypted =
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
      "-----END EC PRIVATE KEY-----\n";
  EXPECT_EQ(sign(encrypted, "message").error().code(), Code::kInvalidData);
}

TEST_F(Signature, ACertificateNamesItsHost) {
  const auto facts = read_certificate(agent_.certificate);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->host_id, "host-1");
  EXPECT_EQ(facts->trust_domain, "assay.test");
  EXPECT_EQ(facts->serial, "1234");
  EXPECT_EQ(to_timestamp(facts->not_before), "2026-11-01T00:00:00Z");
  EXPECT_EQ(to_timestamp(facts->not_after), "2026-12-01T00:00:00Z");
}

TEST_F(Signature, ACertificateWithoutAgentUriNamesNoHost) {
  const auto host_of = [this](const std::string& uri) {
    return read_certificate(make_certificate({.uri = uri}, &authority_).certificate)->host_id;
  };
  EXPECT_EQ(host_of(""), "");
  EXPECT_EQ(host_of("https://assay.test/agent/x"), "");
  EXPECT_EQ(host_of("spiffe://assay.test/collector"), "");
  EXPECT_EQ(read_certificate(authority_.certificate)->trust_domain, "assay.test");
}

TEST_F(Signature, AmbiguousOrMalformedHostsAreRefused) {
  const auto refused = [this](const CertificateWish& wish) {
    return !read_certificate(make_certificate(wish, &authority_).certificate).has_value();
  };
  EXPECT_TRUE(refused({.uri = "spiffe://a.test/agent/x", .second_uri = "spiffe://a.test/agent/y"}));
  EXPECT_TRUE(refused({.uri = "spiffe://a.test/agent/"}));
  EXPECT_TRUE(refused({.uri = "spiffe://a.test/agent/x/y"}));
  EXPECT_TRUE(refused({.uri = "spiffe://a.test/agent/.."}));
  EXPECT_TRUE(refused({.uri = "spiffe:///agent/x"}));
  EXPECT_TRUE(refused({.uri = "spiffe://a.test/agent/" + std::string(41, 'x')}));
}

TEST_F(Signature, ItsOwnCaVouchesForACertificate) {
  EXPECT_TRUE(verify_issued_by(agent_.certificate, authority_.certificate, kNow));
  EXPECT_FALSE(verify_issued_by(agent_.certificate, make_authority().certificate, kNow));
}

TEST_F(Signature, ACertificateIsGoodOnlyInItsTime) {
  EXPECT_TRUE(issued({}, from_timestamp("2026-11-01T00:00:01Z").value()));
  EXPECT_FALSE(issued({}, from_timestamp("2026-10-31T23:59:59Z").value()));
  EXPECT_FALSE(issued({}, from_timestamp("2026-12-01T00:00:01Z").value()));
}

TEST_F(Signature, OnlyACaMayIssue) {
  const auto by_agent = make_certificate({}, &agent_);
  EXPECT_FALSE(verify_issued_by(by_agent.certificate, agent_.certificate, kNow));
  EXPECT_FALSE(verify_issued_by(authority_.certificate, authority_.certificate, kNow));
}

TEST_F(Signature, NormalPemIsTheCertificateAlone) {
  const std::string wordy = "Subject: someone\n" + agent_.certificate + authority_.certificate;
  EXPECT_EQ(normal_pem(wordy).value(), agent_.certificate);
}

}  // namespace
}  // namespace assay::evidence
