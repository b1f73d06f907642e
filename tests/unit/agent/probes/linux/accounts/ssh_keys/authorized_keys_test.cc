#include "agent/probes/linux/accounts/ssh_keys/authorized_keys.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/accounts/ssh_keys/public_keys.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kPasswd =
    "root:x:0:0::/root:/bin/sh\nlin:x:1000:1000::/home/lin:/bin/sh\nweb:x:33:33::/home/lin:/bin/"
    "sh\n";

std::string ed25519() {
  return "ssh-ed25519 " + kEd25519 + " lin@laptop\n";
}

TEST(AuthorizedKeys, AreEmptyWhereNobodyHasAny) {
  MapHost host{{"/etc/passwd", kPasswd}};
  EXPECT_TRUE(good(collect_authorized_keys(host)).rows().empty());
}

TEST(AuthorizedKeys, AreThoseOfEveryAccount) {
  MapHost host{{"/etc/passwd", kPasswd},
               {"/root/.ssh/authorized_keys2", ed25519()},
               {"/home/lin/.ssh/authorized_keys", "# of lin\n" + ed25519()}};
  const auto table = good(collect_authorized_keys(host));
  ASSERT_EQ(table.rows().size(), 3U);  // two accounts share a home
  EXPECT_EQ(row(table, 0, {"uid", "username", "algorithm", "bits", "key_file", "line"}),
            "0|root|ssh-ed25519|256|/root/.ssh/authorized_keys2|1");
  EXPECT_EQ(row(table, 1, {"uid", "fingerprint", "comment", "cert_authority", "state", "line"}),
            "1000|" + kEd25519Print + "|lin@laptop|0|key|2");
  EXPECT_EQ(cell(table, "username", "web", "key_file"), "/home/lin/.ssh/authorized_keys");
}

TEST(AuthorizedKeys, NeverHoldAKey) {
  MapHost host{{"/etc/passwd", kPasswd}, {"/root/.ssh/authorized_keys", ed25519()}};
  const auto table = good(collect_authorized_keys(host));
  for (const auto& value : table.rows()[0])
    EXPECT_EQ(evidence::to_text(value).find(kEd25519.substr(20)), std::string::npos);
}

TEST(AuthorizedKeys, AreSoughtWhereSshdIsTold) {
  MapHost host{{"/etc/passwd", kPasswd},
               {"/etc/ssh/sshd_config",
                "Include sshd_config.d/*.conf\nAuthorizedKeysFile none\n"
                "Match User web\n  AuthorizedKeysFile /srv/%U.keys\n"},
               {"/etc/ssh/sshd_config.d/a.conf", "authorizedkeysfile = \"/etc/keys/%u\"\n"},
               {"/etc/keys/lin", ed25519()},
               {"/srv/33.keys", ed25519()},
               {"/root/.ssh/authorized_keys", ed25519()}};
  const auto table = good(collect_authorized_keys(host));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "key_file", "/etc/keys/lin", "uid"), "1000");
  EXPECT_EQ(cell(table, "key_file", "/srv/33.keys", "note"),
            "read only where Match User web holds (/etc/ssh/sshd_config:4)");
}

TEST(AuthorizedKeys, NameKeysThatCountForAll) {
  MapHost host{{"/etc/passwd", kPasswd},
               {"/etc/ssh/sshd_config",
                "TrustedUserCAKeys /etc/ssh/ca.pub\nAuthorizedKeysCommand /usr/bin/sss_keys %u\n"},
               {"/etc/ssh/ca.pub", ed25519()}};
  const auto table = good(collect_authorized_keys(host));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "key_file", "/etc/ssh/ca.pub", "cert_authority"), "1");
  EXPECT_EQ(cell(table, "key_file", "/etc/ssh/ca.pub", "uid"), "NULL");
  EXPECT_NE(cell(table, "state", "external", "note").find("/usr/bin/sss_keys"), std::string::npos);
}

TEST(AuthorizedKeys, SayThatAFileCouldNotBeRead) {
  MapHost host{{"/etc/passwd", kPasswd}, {"/root/.ssh/authorized_keys", ed25519()}};
  host.failing("/root/.ssh/authorized_keys", Code::kPermissionDenied);
  const auto table = good(collect_authorized_keys(host));
  EXPECT_EQ(cell(table, "username", "root", "state"), "not_read");
  EXPECT_EQ(cell(table, "username", "root", "algorithm"), "NULL");
}

TEST(AuthorizedKeys, AreUnavailableWhenSshdsSettingsCannotBeRead) {
  MapHost host{{"/etc/passwd", kPasswd}, {"/etc/ssh/sshd_config", ""}};
  host.failing("/etc/ssh/sshd_config", Code::kPermissionDenied);
  EXPECT_EQ(collect_authorized_keys(host).error().code(), Code::kPermissionDenied);
}

TEST(AuthorizedKeys, DoNotTouchAHomeOnAnotherMachine) {
  MemoryHost host;
  host.files["/etc/passwd"] = kPasswd;
  host.files["/proc/self/mounts"] = "/dev/sda / ext4 rw 0 0\nnas:/home /home nfs4 rw 0 0\n";
  host.files["/home/lin/.ssh/authorized_keys"] = ed25519();
  const auto table = good(collect_authorized_keys(host));
  EXPECT_EQ(cell(table, "username", "lin", "state"), "not_read");
  EXPECT_EQ(cell(table, "username", "lin", "note"), "on a file system of another machine (nfs4)");
}

TEST(AuthorizedKeys, ShowABadLineWithoutItsText) {
  MapHost host{{"/etc/passwd", kPasswd}, {"/root/.ssh/authorized_keys", "hunter2 secret\n"}};
  const auto table = good(collect_authorized_keys(host));
  EXPECT_EQ(row(table, 0, {"state", "line", "options", "comment"}), "invalid|1|NULL|NULL");
}

}  // namespace
}  // namespace assay::agent
