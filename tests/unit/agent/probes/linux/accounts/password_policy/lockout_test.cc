// Lockout and empty passwords: the auth and account stacks in password_policy.
#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/accounts/password_policy/policy_fixture.h"

namespace assay::agent {
namespace {

constexpr const char* kCommonAuth = "/etc/pam.d/common-auth";
constexpr const char* kConf = "/etc/security/faillock.conf";
constexpr const char* kEnd = "auth requisite pam_deny.so\nauth required pam_permit.so\n";

MapHost with_auth(std::string text) {
  return debian_12().with_file(kCommonAuth, text + kEnd);
}

TEST(Lockout, IsAbsentOnDebianAsDelivered) {
  const Policy policy(debian_12());
  EXPECT_EQ(policy.value("lockout_deny"), 0);
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
  EXPECT_EQ(policy.origin("lockout_deny"), "absent");
  EXPECT_EQ(policy.value("lockout_unlock_time"), std::nullopt);
}

TEST(Lockout, SaysThatFaillockConfAloneDoesNothing) {
  const Policy policy(debian_12().with_file(kConf, "deny = 5\n"));
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "deny=5 at /etc/security/faillock.conf:1"));
}

TEST(Lockout, ReadsPreauthAndAuthfailWithDefaults) {
  const Policy policy(
      with_auth("auth required pam_faillock.so preauth\n"
                "auth [success=2 default=ignore] pam_unix.so\n"
                "auth [default=die] pam_faillock.so authfail\n"));
  EXPECT_EQ(policy.value("lockout_deny"), 3);
  EXPECT_EQ(policy.enforced("lockout_deny"), 1);
  EXPECT_EQ(policy.origin("lockout_deny"), "default");
  EXPECT_EQ(policy.value("lockout_unlock_time"), 600);
  EXPECT_EQ(policy.value("lockout_fail_interval"), 900);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "not consecutive"));
}

TEST(Lockout, AcceptsAuthsuccInPlaceOfPreauth) {
  const Policy policy(with_auth("auth [success=1 default=bad] pam_unix.so\n"
                                "auth [default=die] pam_faillock.so authfail\n"
                                "auth sufficient pam_faillock.so authsucc\n")
                          .with_file(kConf, "deny = 5\nunlock_time = never\nfail_interval=60\n"));
  EXPECT_EQ(policy.value("lockout_deny"), 5);
  EXPECT_EQ(policy.where("lockout_deny"), "/etc/security/faillock.conf:1");
  EXPECT_EQ(policy.value("lockout_unlock_time"), 0);
  EXPECT_EQ(policy.value("lockout_fail_interval"), 60);
}

TEST(Lockout, DoesNotBelieveAFaillockConfThatTheModuleDoesNotKnow) {
  auto host = with_auth(
                  "auth required pam_faillock.so preauth deny=4\n"
                  "auth [success=2 default=ignore] pam_unix.so\n"
                  "auth [default=die] pam_faillock.so authfail deny=4\n")
                  .with_file(kConf, "deny = 9\nunlock_time = 1800\n");
  const std::string folder = "/usr/lib/x86_64-linux-gnu/security/";
  for (const auto* name : {"pam_unix.so", "pam_deny.so", "pam_permit.so", "pam_faildelay.so",
                           "pam_nologin.so", "pam_group.so"}) {
    host.with_file(folder + name, "");
  }
  const Policy old(host.with_file(folder + "pam_faillock.so", "deny unlock_time"));
  EXPECT_EQ(old.value("lockout_deny"), 4);
  EXPECT_EQ(old.value("lockout_unlock_time"), 600);
  EXPECT_TRUE(contains(old.note("lockout_unlock_time"), "does not read this file"));
  const Policy recent(host.with_file(folder + "pam_faillock.so", "/etc/security/faillock.conf"));
  EXPECT_EQ(recent.value("lockout_unlock_time"), 1800);
}

TEST(Lockout, LetsArgumentsWinOverTheFile) {
  const Policy policy(with_auth("auth required pam_faillock.so preauth deny=4 unlock_time=1200\n"
                                "auth [success=2 default=ignore] pam_unix.so\n"
                                "auth [default=die] pam_faillock.so authfail deny=4\n")
                          .with_file(kConf, "deny = 9\n"));
  EXPECT_EQ(policy.value("lockout_deny"), 4);
  EXPECT_EQ(policy.where("lockout_deny"), "/etc/pam.d/common-auth:1");
  EXPECT_EQ(policy.value("lockout_unlock_time"), 1200);
}

TEST(Lockout, DoesNotCountAuthfailAlone) {
  const Policy policy(
      with_auth("auth [success=2 default=ignore] pam_unix.so\n"
                "auth [default=die] pam_faillock.so authfail\n"));
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "does not keep a locked account out"));
}

TEST(Lockout, DoesNotCountPreauthAlone) {
  const Policy policy(
      with_auth("auth required pam_faillock.so preauth\n"
                "auth [success=1 default=ignore] pam_unix.so\n"));
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "finds nothing to count"));
}

TEST(Lockout, DoesNotCountAnOptionalPreauth) {
  const Policy policy(
      with_auth("auth optional pam_faillock.so preauth\n"
                "auth [success=2 default=ignore] pam_unix.so\n"
                "auth [default=die] pam_faillock.so authfail\n"));
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
}

TEST(Lockout, IsOffWithDenyZero) {
  const Policy policy(rhel_9().with_file(kConf, "# x\ndeny = 0\n"));
  EXPECT_EQ(policy.value("lockout_deny"), 0);
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
  EXPECT_EQ(policy.origin("lockout_deny"), "configured");
  EXPECT_EQ(policy.where("lockout_deny"), "/etc/security/faillock.conf:2");
}

TEST(Lockout, ReportsTheWeakestLoginService) {
  auto host = rhel_9();
  host.with_file("/etc/pam.d/password-auth",
                 "auth sufficient pam_unix.so\nauth required pam_deny.so\n"
                 "account required pam_unix.so\n");
  const Policy policy(host);
  EXPECT_EQ(policy.enforced("lockout_deny"), 0);
  EXPECT_TRUE(contains(policy.note("lockout_deny"), "as for service sshd; login is stricter"));
}

TEST(Lockout, ReadsPamTally2) {
  const Policy policy(
      with_auth("auth required pam_tally2.so deny=5 unlock_time=900\n"
                "auth [success=1 default=ignore] pam_unix.so\n"));
  EXPECT_EQ(policy.value("lockout_deny"), 5);
  EXPECT_EQ(policy.value("lockout_unlock_time"), 900);
  EXPECT_EQ(policy.value("lockout_fail_interval"), std::nullopt);
}

TEST(Lockout, IsNotKnownWhereALineThatCannotBeUsedLetsNobodyIn) {
  const Policy policy(debian_12().with_file(
      "/etc/pam.d/login", "auth substack system-auth\naccount include system-auth\n"));
  for (const auto* setting : {"lockout_deny", "lockout_unlock_time", "nullok", "max_days"}) {
    EXPECT_EQ(policy.enforced(setting), std::nullopt) << setting;
    EXPECT_TRUE(contains(policy.note(setting), "/etc/pam.d/login:1")) << setting;
  }
  EXPECT_EQ(policy.value("max_days"), 99999);
}

TEST(Nullok, IsOffByDefault) {
  const Policy policy(with_auth("auth [success=1 default=ignore] pam_unix.so\n"));
  EXPECT_EQ(policy.value("nullok"), 0);
  EXPECT_EQ(policy.enforced("nullok"), 1);
  EXPECT_EQ(policy.origin("nullok"), "default");
}

TEST(Nullok, OneServiceIsEnough) {
  auto host = with_auth("auth [success=1 default=ignore] pam_unix.so\n");
  host.with_file("/etc/pam.d/sshd",
                 "auth required pam_unix.so nullok_secure\n@include common-account\n");
  EXPECT_EQ(Policy(host).value("nullok"), 1);
  EXPECT_EQ(Policy(host).where("nullok"), "/etc/pam.d/sshd:1");
}

TEST(Expiry, IsNotEnforcedWithoutPamUnixOnTheAccountStack) {
  auto host = rhel_9();
  host.with_file("/etc/pam.d/login", "auth include system-auth\naccount required pam_permit.so\n");
  EXPECT_EQ(Policy(host).enforced("max_days"), 0);
}

}  // namespace
}  // namespace assay::agent
