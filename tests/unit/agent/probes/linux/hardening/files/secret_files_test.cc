#include "agent/probes/linux/hardening/files/secret_files.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/hardening/files/file_places.h"

namespace assay::agent {
namespace {

SecretKind kind(std::string_view path) {
  return secret_kind(path.substr(path.rfind('/') + 1), path);
}

// Marks are put together here, so that no scanner takes this file for a leak.
std::string pem(const std::string& what, const std::string& body) {
  return "-----BEGIN " + what + "PRIVATE KEY-----\n" + body + "\n";
}

TEST(SecretKind, KnowsFilesByTheirNames) {
  EXPECT_EQ(kind("/home/a/.ssh/id_ed25519"), SecretKind::kPrivateKey);
  EXPECT_EQ(kind("/etc/nginx/server.key"), SecretKind::kPrivateKey);
  EXPECT_EQ(kind("/etc/ssh/ssh_host_rsa_key"), SecretKind::kSshHostKey);
  EXPECT_EQ(kind("/srv/app/client.p12"), SecretKind::kKeyStore);
  EXPECT_EQ(kind("/etc/krb5.keytab"), SecretKind::kKeytab);
  EXPECT_EQ(kind("/etc/httpd/http.keytab"), SecretKind::kKeytab);
  EXPECT_EQ(kind("/root/.pgpass"), SecretKind::kCredentials);
  EXPECT_EQ(kind("/root/.git-credentials"), SecretKind::kCredentials);
}

TEST(SecretKind, KnowsCommonNamesByTheirFolders) {
  EXPECT_EQ(kind("/root/.aws/credentials"), SecretKind::kCredentials);
  EXPECT_EQ(kind("/root/.kube/config"), SecretKind::kCredentials);
  EXPECT_EQ(kind("/root/.docker/config.json"), SecretKind::kCredentials);
  EXPECT_EQ(kind("/srv/app/config.json"), SecretKind::kNone);
  EXPECT_EQ(kind("/srv/config"), SecretKind::kNone);
}

TEST(SecretKind, TurnsAwayTheRest) {
  for (const auto* path : {"/a", "/.key", "/usr/bin/ls", "/home/a/.ssh/id_rsa.pub", "/srv/main.py",
                           "/srv/store", "/srv/my_key", "/srv/restore"})
    EXPECT_EQ(kind(path), SecretKind::kNone) << path;
}

TEST(PrivateKeyFacts, TellWhetherAPassphraseProtectsIt) {
  EXPECT_EQ(private_key_facts(pem("", "MII"))->is_encrypted, false);
  EXPECT_EQ(private_key_facts(pem("ENCRYPTED ", "MII"))->is_encrypted, true);
  EXPECT_EQ(private_key_facts(pem("RSA ", "Proc-Type: 4,ENCRYPTED\nDEK"))->is_encrypted, true);
  EXPECT_EQ(private_key_facts(pem("EC ", "MHc"))->is_encrypted, false);
  EXPECT_EQ(private_key_facts(pem("OPENSSH ", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"))->is_encrypted,
            false);
  EXPECT_EQ(private_key_facts(pem("OPENSSH ", "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1"))->is_encrypted,
            true);
}

TEST(PrivateKeyFacts, FindAKeyBehindCertificates) {
  const auto text =
      "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\r\n" + pem("RSA ", "MII");
  EXPECT_TRUE(private_key_facts(text).has_value());
}

TEST(PrivateKeyFacts, OtherFilesHaveNone) {
  for (const auto* text : {"", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN PUBLIC KEY-----\n",
                           "-----BEGIN ", "the words PRIVATE KEY----- in a text"})
    EXPECT_FALSE(private_key_facts(text).has_value()) << text;
}

TEST(FilePlaces, LayersAndSamplesAreOfOthers) {
  EXPECT_TRUE(is_of_another_system("/var/lib/docker/overlay2/x/etc/shadow"));
  EXPECT_TRUE(is_of_another_system("/home/a/.local/share/containers/storage/x"));
  EXPECT_TRUE(is_sample_of_a_package("/usr/share/doc/x/demo.key"));
  EXPECT_TRUE(is_sample_of_a_package("/srv/app/node_modules/x/test.pem"));
  EXPECT_FALSE(is_sample_of_a_package("/usr/local/etc/x.key"));
  EXPECT_TRUE(is_system_place("/usr/bin"));
  EXPECT_FALSE(is_system_place("/tmp/x"));
}

}  // namespace
}  // namespace assay::agent
