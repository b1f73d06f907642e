#include "agent/probes/linux/software/rpm/openpgp_issuer.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::string_literals;

const std::string kKey = "\x01\x23\x45\x67\x89\xab\xcd\xef"s;

std::string packet(const std::string& body) {
  return "\x88"s + static_cast<char>(body.size()) + body;
}
// Version 4: kind and algorithms, hashed subpackets, others.
std::string version_4(const std::string& hashed, const std::string& others) {
  return packet("\x04\x00\x01\x08"s + '\0' + static_cast<char>(hashed.size()) + hashed + '\0' +
                static_cast<char>(others.size()) + others + "\x12\x34");
}

TEST(OpenpgpIssuerTest, ReadsSignaturesOfVersion3) {
  EXPECT_EQ(openpgp_issuer(packet("\x03\x05\x00\x01\x02\x03\x04"s + kKey + "\x01\x08")),
            "0123456789abcdef");
}

TEST(OpenpgpIssuerTest, ReadsTheIssuerOfVersion4InEitherArea) {
  const auto issuer = "\x09\x10"s + kKey;
  EXPECT_EQ(openpgp_issuer(version_4("\x05\x02\x00\x00\x00\x01"s, issuer)), "0123456789abcdef");
  EXPECT_EQ(openpgp_issuer(version_4(issuer, "")), "0123456789abcdef");
}

TEST(OpenpgpIssuerTest, ReadsTheIssuerFromItsFingerprint) {
  const auto fingerprint = "\x16\x21\x04"s + std::string(12, 'f') + kKey;
  EXPECT_EQ(openpgp_issuer(version_4(fingerprint, "")), "0123456789abcdef");
}

TEST(OpenpgpIssuerTest, ReadsLengthsOfTheNewFormat) {
  auto old_format = version_4("\x09\x10"s + kKey, "");
  old_format[0] = '\xc2';
  EXPECT_EQ(openpgp_issuer(old_format), "0123456789abcdef");
}

TEST(OpenpgpIssuerTest, WhatIsCutShortOrNoSignatureNamesNobody) {
  const auto whole = version_4("", "\x09\x10"s + kKey);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_EQ(openpgp_issuer(std::string_view(whole).substr(0, length)), "") << length;
  EXPECT_EQ(openpgp_issuer("\x99\x00\x01x"s), "");
  EXPECT_EQ(openpgp_issuer(version_4("\x00"s, "")), "");
}

}  // namespace
}  // namespace assay::agent
