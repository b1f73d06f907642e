#include "agent/certificates/certificate_reader.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/certificates/test_certificates.h"

namespace assay::agent {
namespace {

TEST(CertificateReader, ReadsTheFactsOfACertificate) {
  const auto file = read_certificates(make_certificate("www.example.tw"));
  ASSERT_EQ(file.certificates.size(), 1U);
  const auto& one = file.certificates[0];
  EXPECT_EQ(one.common_name, "www.example.tw");
  EXPECT_EQ(one.subject, "O = 試金石, CN = www.example.tw");
  EXPECT_EQ(one.serial, "1234");
  EXPECT_EQ(one.not_before, 1'577'836'800);
  EXPECT_EQ(one.not_after, 1'577'836'800 + 86'400);
  EXPECT_EQ(one.key_algorithm + " " + std::to_string(one.key_bits), "id-ecPublicKey 256");
  EXPECT_EQ(one.signing_algorithm, "ecdsa-with-SHA256");
  EXPECT_TRUE(one.is_self_signed);
  EXPECT_EQ(one.sha256.size(), 64U);
}

TEST(CertificateReader, ReadsAChainAmongOtherThings) {
  const auto file = read_certificates("Bag Attributes\n" + make_certificate("a") +
                                      "-----BEGIN PRIVATE"
                                      " KEY-----\nAAAA\n-----END PRIVATE"
                                      " KEY-----\n" +
                                      make_certificate("b"));
  ASSERT_EQ(file.certificates.size(), 2U);
  EXPECT_EQ(file.certificates[1].common_name, "b");
  EXPECT_EQ(file.unreadable, 0U);
}

TEST(CertificateReader, ABrokenBlockIsCountedAndDoesNotHideTheNext) {
  const auto broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const auto file = read_certificates(broken + make_certificate("b"));
  EXPECT_EQ(file.unreadable, 1U);
  EXPECT_EQ(file.certificates.size(), 1U);
}

TEST(CertificateReader, ATruncatedFileIsUnreadable) {
  const auto whole = make_certificate("a");
  EXPECT_EQ(read_certificates(whole.substr(0, whole.size() / 2)).unreadable, 1U);
}

TEST(CertificateReader, OtherBytesHoldNone) {
  for (const std::string text : {"", "x", "\x30\x82\x01", "-----BEGIN CERTIFICATE"}) {
    const auto file = read_certificates(text);
    EXPECT_TRUE(file.certificates.empty());
    EXPECT_FALSE(file.is_bundle);
  }
}

TEST(CertificateReader, AStoreIsABundle) {
  std::string all;
  for (std::size_t i = 0; i <= kMaxCertificatesOfAServer; ++i) all += make_certificate("a");
  EXPECT_TRUE(read_certificates(all).is_bundle);
  EXPECT_TRUE(read_certificates(all).certificates.empty());
}

}  // namespace
}  // namespace assay::agent
