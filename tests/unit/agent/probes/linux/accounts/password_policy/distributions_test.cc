// The layouts of distributions, from tests/fixtures/hosts.
#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/probes/linux/accounts/password_policy/policy_fixture.h"

namespace assay::agent {
namespace {

TEST(Distributions, Ubuntu2404WithPwqualityAndFaillock) {
  auto host = fixture_host("ubuntu2404");
  const Policy policy(host);
  EXPECT_EQ(policy.value("minlen"), 12);  // the main file is read after its drop-ins
  EXPECT_EQ(policy.where("minlen"), "/etc/security/pwquality.conf:1");
  EXPECT_EQ(policy.value("dcredit"), -1);
  EXPECT_EQ(policy.value("classes_required"), 3);
  EXPECT_EQ(policy.value("remember"), 5);
  EXPECT_EQ(policy.text("hash"), "yescrypt");
  EXPECT_EQ(policy.value("lockout_deny"), 5);
  EXPECT_EQ(policy.value("lockout_unlock_time"), 900);
  EXPECT_EQ(policy.value("max_days"), 90);
  EXPECT_EQ(policy.value("inactive_days"), 30);
  EXPECT_EQ(policy.value("nullok"), 1);
  EXPECT_TRUE(contains(policy.note("minlen"), "accounts of a domain follow the rules"));
}

TEST(Distributions, Rhel9WithAuthselectLinks) {
  auto host = fixture_host("rhel9");
  const Policy policy(host);
  EXPECT_EQ(policy.value("minlen"), 14);
  EXPECT_EQ(policy.value("classes_required"), 4);
  EXPECT_EQ(policy.value("enforce_root"), 1);
  EXPECT_EQ(policy.value("remember"), 24);
  EXPECT_EQ(policy.where("remember"), "/etc/security/pwhistory.conf:2");
  EXPECT_EQ(policy.text("hash"), "sha512");
  EXPECT_EQ(policy.value("lockout_deny"), 5);
  EXPECT_EQ(policy.value("lockout_unlock_time"), 0);
  EXPECT_EQ(policy.enforced("max_days"), 1);
  EXPECT_EQ(policy.value("inactive_days"), std::nullopt);  // -1: off
  EXPECT_TRUE(contains(policy.note("minlen"), "PASS_MIN_LEN at /etc/login.defs:6 has no effect"));
}

TEST(Distributions, Sles15WithCracklibAndItsOwnFolders) {
  auto host = fixture_host("sles15");
  const Policy policy(host);
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/common-password:1");
  EXPECT_EQ(policy.enforced("minlen"), 1);
  EXPECT_EQ(policy.value("classes_required"), 2);
  EXPECT_EQ(policy.value("remember"), 6);
  EXPECT_EQ(policy.text("hash"), "sha512");
  EXPECT_EQ(policy.where("hash"), "/etc/login.defs:5");
  EXPECT_EQ(policy.value("lockout_deny"), 0);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "deny=3 at /usr/etc/security/faillock.conf:1"));
  EXPECT_EQ(policy.value("nullok"), 0);
  EXPECT_TRUE(contains(policy.note("hash"), "pam_winbind"));
}

TEST(Distributions, AlpineEnforcesNothing) {
  auto host = fixture_host("alpine");
  const Policy policy(host);
  EXPECT_EQ(policy.size(), 22U);
  EXPECT_EQ(policy.value("minlen"), 0);
  EXPECT_EQ(policy.enforced("minlen"), 0);
  EXPECT_TRUE(contains(policy.note("minlen"), "busybox"));
  EXPECT_EQ(policy.value("lockout_deny"), 0);
  EXPECT_EQ(policy.value("nullok"), 1);
  EXPECT_EQ(policy.text("hash"), "");
  EXPECT_EQ(policy.enforced("hash"), std::nullopt);
  EXPECT_EQ(policy.value("max_days"), std::nullopt);
}

TEST(Distributions, ShadowWithoutPamReadsLoginDefs) {
  const Policy policy(
      MapHost{{"/etc/login.defs", "PASS_MIN_LEN 8\nENCRYPT_METHOD SHA512\nPASS_MAX_DAYS 60\n"}});
  EXPECT_EQ(policy.value("minlen"), 8);
  EXPECT_EQ(policy.enforced("minlen"), 1);
  EXPECT_EQ(policy.text("hash"), "sha512");
  EXPECT_EQ(policy.value("max_days"), 60);
  EXPECT_EQ(policy.value("minclass"), 0);
}

TEST(Distributions, ABusyboxLoginBesidePamLocksNobody) {
  MemoryHost host;
  host.live = false;
  host.files["/etc/pam.d/passwd"] = "password required pam_unix.so yescrypt minlen=9\n";
  host.links["/bin/login"] = "/bin/busybox";
  const Policy policy(host);
  EXPECT_EQ(policy.value("minlen"), 9);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "busybox's login locks no account"));
}

TEST(Distributions, DropInsOfLoginDefsComeLater) {
  const Policy policy(debian_12()
                          .without_file("/etc/login.defs")
                          .with_file("/usr/etc/login.defs", "PASS_MAX_DAYS 99999\n")
                          .with_file("/usr/etc/login.defs.d/a.defs", "PASS_MAX_DAYS 200\n")
                          .with_file("/etc/login.defs.d/a.defs", "PASS_MAX_DAYS 90\n"));
  EXPECT_EQ(policy.value("max_days"), 90);
  EXPECT_EQ(policy.where("max_days"), "/etc/login.defs.d/a.defs:1");
}

}  // namespace
}  // namespace assay::agent
