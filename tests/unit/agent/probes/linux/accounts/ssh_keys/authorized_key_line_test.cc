#include "agent/probes/linux/accounts/ssh_keys/authorized_key_line.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/accounts/ssh_keys/ssh_public_key.h"
#include "agent/probes/linux/accounts/ssh_keys/sshd_settings.h"
#include "tests/unit/agent/probes/linux/accounts/ssh_keys/public_keys.h"

namespace assay::agent {
namespace {

AuthorizedKey key_of(const std::string& line) {
  const auto key = parse_authorized_key(line);
  EXPECT_TRUE(key && *key) << line;
  return key && *key ? **key : AuthorizedKey{};
}

TEST(AuthorizedKeyLine, HasLengthAndFingerprintAsSshKeygenSays) {
  const auto key = key_of("ssh-ed25519 " + kEd25519 + " lin@laptop of work\n");
  EXPECT_EQ(key.algorithm, "ssh-ed25519");
  EXPECT_EQ(key.bits, 256);
  EXPECT_EQ(key.fingerprint, kEd25519Print);
  EXPECT_EQ(key.comment, "lin@laptop of work");
  EXPECT_EQ(key_of("ssh-rsa " + kRsa1024).bits, 1024);
  EXPECT_EQ(key_of("ssh-rsa " + kRsa1024).fingerprint, kRsa1024Print);
  EXPECT_EQ(key_of("ecdsa-sha2-nistp521 " + kEcdsa521).bits, 521);
}

TEST(AuthorizedKeyLine, GivesACertificateTheFingerprintOfItsKey) {
  const auto key = key_of("ecdsa-sha2-nistp521-cert-v01@openssh.com " + kEcdsaCertificate);
  EXPECT_EQ(key.fingerprint, kEcdsa521Print);
  EXPECT_EQ(key.bits, 521);
}

TEST(AuthorizedKeyLine, KeepsValuesOfOptionsOnlyWhereTheyAreNoSecret) {
  const auto key = key_of(
      "from=\"10.0.0.0/8,*.example.com\",command=\"/bin/x --token \\\"secret\\\"\",no-pty,"
      "environment=\"TOKEN=secret\",permitopen=\"db:5432\" ssh-rsa " +
      kRsa1024);
  EXPECT_EQ(key.options,
            "from=\"10.0.0.0/8,*.example.com\",command,no-pty,environment,permitopen=\"db:5432\"");
  EXPECT_FALSE(key.is_authority);
  EXPECT_TRUE(key_of("Cert-Authority,principals=\"lin\" ssh-rsa " + kRsa1024).is_authority);
}

TEST(AuthorizedKeyLine, PassesOverBlankLinesAndComments) {
  for (const auto* line : {"", "  \t", "# ssh-rsa AAAA"}) {
    const auto key = parse_authorized_key(line);
    ASSERT_TRUE(key);
    EXPECT_FALSE(*key);
  }
}

TEST(AuthorizedKeyLine, SaysNothingOfALineThatIsNone) {
  const auto cut = kEd25519.substr(0, kEd25519.size() - 8);
  for (const auto& line :
       {std::string("secretword"), std::string("secretword=x ssh-rsa ") + kRsa1024,
        "ssh-ed25519 " + cut, "ssh-rsa " + kEd25519, std::string("ssh-rsa"),
        std::string("ssh-rsa !!!!"), std::string("command=\"x ssh-rsa AAAA"),
        std::string("1024 35 12345 lin")}) {
    const auto key = parse_authorized_key(line);
    ASSERT_FALSE(key) << line;
    EXPECT_EQ(key.error().message().find("secretword"), std::string::npos);
  }
}

TEST(AuthorizedKeyLine, KnowsNoLengthOfAKindThatIsNew) {
  // "ssh-new" and four bytes.
  const auto key = key_of("ssh-new AAAAB3NzaC1uZXcAAAAEAAAAAA== x");
  EXPECT_EQ(key.bits, std::nullopt);
  EXPECT_TRUE(key.fingerprint.starts_with("SHA256:"));
}

}  // namespace
}  // namespace assay::agent
