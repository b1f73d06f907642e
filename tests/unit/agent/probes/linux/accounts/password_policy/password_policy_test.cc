#include "agent/probes/linux/accounts/password_policy/password_policy.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/accounts/password_policy/policy_fixture.h"

namespace assay::agent {
namespace {

constexpr const char* kCommonPassword = "/etc/pam.d/common-password";
constexpr const char* kPwquality = "/etc/security/pwquality.conf";

TEST(PasswordPolicy, AlwaysHasEveryRow) {
  EXPECT_EQ(Policy(debian_12()).size(), 22U);
  EXPECT_EQ(Policy(rhel_9()).size(), 22U);
  EXPECT_EQ(Policy(MapHost{{"/etc/pam.d/x", ""}}).size(), 22U);
}

TEST(PasswordPolicy, ReadsDebian12AsDelivered) {
  const Policy policy(debian_12());
  EXPECT_EQ(policy.value("minlen"), 6);
  EXPECT_EQ(policy.enforced("minlen"), 1);
  EXPECT_EQ(policy.origin("minlen"), "default");
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/common-password:2");
  EXPECT_EQ(policy.text("hash"), "yescrypt");
  EXPECT_EQ(policy.where("hash"), "/etc/pam.d/common-password:2");
  EXPECT_TRUE(contains(policy.note("hash"), "ENCRYPT_METHOD at /etc/login.defs:6 (sha512)"));
  EXPECT_EQ(policy.value("classes_required"), 0);
  EXPECT_EQ(policy.enforced("classes_required"), 0);
  EXPECT_EQ(policy.origin("remember"), "absent");
  EXPECT_EQ(policy.value("nullok"), 1);
  EXPECT_EQ(policy.where("nullok"), "/etc/pam.d/common-auth:1");
}

TEST(PasswordPolicy, ReadsDebian12WithPwquality) {
  const Policy policy(debian_12_with_pwquality());
  EXPECT_EQ(policy.value("minlen"), 8);
  EXPECT_EQ(policy.enforced("minlen"), 1);
  EXPECT_EQ(policy.origin("minlen"), "default");
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/common-password:2");
  EXPECT_EQ(policy.value("dictcheck"), 1);
  EXPECT_EQ(policy.value("enforce_root"), 0);
}

TEST(PasswordPolicy, NamesTheLineOfPwqualityConf) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kPwquality, "# x\nminlen = 12\nucredit = -1\ndcredit=-1\nenforce_for_root\n"));
  EXPECT_EQ(policy.value("minlen"), 12);
  EXPECT_EQ(policy.where("minlen"), "/etc/security/pwquality.conf:2");
  EXPECT_EQ(policy.value("classes_required"), 2);
  EXPECT_EQ(policy.value("ucredit"), -1);
  EXPECT_EQ(policy.value("enforce_root"), 1);
  EXPECT_EQ(policy.where("enforce_root"), "/etc/security/pwquality.conf:5");
}

TEST(PasswordPolicy, DoesNotBelieveAPwqualityConfThatNothingReads) {
  const Policy policy(debian_12().with_file(kPwquality, "minlen = 14\nminclass = 4\n"));
  EXPECT_EQ(policy.value("minlen"), 6);
  EXPECT_EQ(policy.enforced("minlen"), 0);
  EXPECT_TRUE(contains(policy.note("minlen"), "minlen=14 at /etc/security/pwquality.conf:1"));
  EXPECT_EQ(policy.value("minclass"), 0);
  EXPECT_TRUE(contains(policy.note("minclass"), "minclass=4 at /etc/security/pwquality.conf:2"));
}

TEST(PasswordPolicy, BelievesPamUnixBesideAPwqualityConfThatNothingReads) {
  const Policy policy(debian_12()
                          .with_file(kPwquality, "minlen = 14\n")
                          .with_file(kCommonPassword, "password required pam_unix.so minlen=12\n"));
  EXPECT_EQ(policy.value("minlen"), 12);
  EXPECT_EQ(policy.enforced("minlen"), 1);
}

TEST(PasswordPolicy, DoesNotCountPwqualityAfterASufficientPamUnix) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kCommonPassword,
      "password sufficient pam_unix.so yescrypt\npassword requisite pam_pwquality.so minlen=14\n"));
  EXPECT_EQ(policy.value("minlen"), 6);
  EXPECT_TRUE(contains(policy.note("minlen"), "has set the password by then"));
}

TEST(PasswordPolicy, DoesNotCountARefusalThatPamUnixAsksAround) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kCommonPassword,
      "password required pam_pwquality.so minlen=14\npassword required pam_unix.so sha512\n"));
  EXPECT_EQ(policy.value("minlen"), 6);
  EXPECT_TRUE(contains(policy.note("minlen"), "no use_authtok"));
  EXPECT_EQ(policy.text("hash"), "sha512");
}

TEST(PasswordPolicy, CountsARequisitePwqualityWithoutUseAuthtok) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kCommonPassword,
      "password requisite pam_pwquality.so minlen=14\npassword required pam_unix.so\n"));
  EXPECT_EQ(policy.value("minlen"), 14);
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/common-password:1");
}

TEST(PasswordPolicy, DoesNotVouchForAModuleThatSomeArePassedOver) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kCommonPassword,
      "password [success=1 default=ignore] pam_succeed_if.so user ingroup robots\n"
      "password requisite pam_pwquality.so minlen=12\n"
      "password required pam_unix.so yescrypt\n"));
  EXPECT_EQ(policy.value("minlen"), 12);
  EXPECT_EQ(policy.enforced("minlen"), std::nullopt);
  EXPECT_EQ(policy.enforced("classes_required"), std::nullopt);
  EXPECT_TRUE(contains(policy.note("minlen"), "pam_succeed_if at /etc/pam.d/common-password:1"));
}

TEST(PasswordPolicy, DoesNotCountAModuleThatIsNotInstalled) {
  auto host = debian_12_with_pwquality();
  const std::string folder = "/usr/lib/x86_64-linux-gnu/security/";
  for (const auto* name : {"pam_unix.so", "pam_deny.so", "pam_permit.so"}) {
    host.with_file(folder + name,
                   "\x7f"
                   "ELF");
  }
  EXPECT_NE(Policy(host).enforced("minclass"), 1);
  EXPECT_TRUE(contains(Policy(host).note("minclass"), "is not installed"));
  EXPECT_EQ(Policy(host.with_file(folder + "pam_pwquality.so", "")).value("minlen"), 8);
}

TEST(PasswordPolicy, KnowsNothingWhereNoPasswordIsEverSet) {
  const Policy policy(debian_12_with_pwquality()
                          .with_file(kPwquality, "minlen = 14\nminclass = 4\n")
                          .with_file("/etc/pam.d/passwd", "@include common-pasword\n"));
  for (const auto* setting : {"minlen", "minclass", "classes_required", "remember", "hash"}) {
    EXPECT_EQ(policy.enforced(setting), std::nullopt) << setting;
    EXPECT_TRUE(contains(policy.note(setting), "no pam_unix sets passwords")) << setting;
  }
}

TEST(PasswordPolicy, DoesNotCountPwqualityThatOnlyWarns) {
  const Policy policy(
      debian_12_with_pwquality().with_file(kPwquality, "minlen = 12\nenforcing = 0\n"));
  EXPECT_EQ(policy.value("minlen"), 6);
  EXPECT_TRUE(contains(policy.note("minlen"), "enforcing=0 at /etc/security/pwquality.conf:2"));
}

TEST(PasswordPolicy, ExplainsCreditsThatShortenAPassword) {
  const Policy policy(
      debian_12_with_pwquality().with_file(kPwquality, "minlen = 12\ndcredit = 2\nucredit = 1\n"));
  EXPECT_EQ(policy.value("minlen"), 9);
  EXPECT_TRUE(contains(policy.note("minlen"), "minlen=12 with dcredit=2 ucredit=1"));
}

TEST(PasswordPolicy, UsesTheDefaultsOfPamCracklib) {
  const Policy policy(debian_12().with_file(kCommonPassword,
                                            "password requisite pam_cracklib.so retry=3 minlen=14\n"
                                            "password required pam_unix.so use_authtok sha512\n"));
  EXPECT_EQ(policy.value("minlen"), 10);
  EXPECT_EQ(policy.value("dcredit"), 1);
  EXPECT_EQ(policy.value("difok"), 5);
}

TEST(PasswordPolicy, DerivesWhatItCanFromPasswdqc) {
  const Policy policy(debian_12().with_file(
      kCommonPassword,
      "password requisite pam_passwdqc.so min=disabled,24,12,10,9 enforce=users\n"
      "password required pam_unix.so use_authtok yescrypt\n"));
  EXPECT_EQ(policy.value("minlen"), 9);
  EXPECT_EQ(policy.value("classes_required"), 2);
  EXPECT_EQ(policy.value("enforce_root"), 0);
  EXPECT_EQ(policy.value("dcredit"), std::nullopt);
  EXPECT_EQ(policy.enforced("dcredit"), std::nullopt);
  EXPECT_FALSE(policy.note("dcredit").empty());
  EXPECT_EQ(policy.value("dictcheck"), 1);
  EXPECT_EQ(policy.value("usercheck"), 1);
}

TEST(PasswordPolicy, KnowsThatPasswdqcLooksForNoWordsWithoutMatches) {
  const Policy policy(
      debian_12().with_file(kCommonPassword,
                            "password requisite pam_passwdqc.so match=0\n"
                            "password required pam_unix.so use_authtok yescrypt\n"));
  EXPECT_EQ(policy.value("dictcheck"), 0);
  EXPECT_EQ(policy.value("usercheck"), 0);
  EXPECT_EQ(policy.where("usercheck"), "/etc/pam.d/common-password:1");
}

TEST(PasswordPolicy, LetsALongerMinlenOfPamUnixWin) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kCommonPassword,
      "password requisite pam_pwquality.so\n"
      "password required pam_unix.so use_authtok minlen=15 yescrypt\n"));
  EXPECT_EQ(policy.value("minlen"), 15);
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/common-password:2");
}

TEST(PasswordPolicy, LetsALongerMinlenOfPamUnixWinOverPasswdqc) {
  const Policy policy(
      debian_12().with_file(kCommonPassword,
                            "password requisite pam_passwdqc.so\n"
                            "password required pam_unix.so use_authtok minlen=15 yescrypt\n"));
  EXPECT_EQ(policy.value("minlen"), 15);
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/common-password:2");
}

TEST(PasswordPolicy, TakesTheStricterOfTwoQualityModules) {
  const auto with_lines = [](const std::string& first, const std::string& second) {
    return Policy(debian_12().with_file(
        kCommonPassword, "password requisite pam_pwquality.so " + first +
                             "\npassword requisite pam_pwquality.so use_authtok " + second +
                             "\npassword required pam_unix.so use_authtok yescrypt\n"));
  };
  const auto second_longer = with_lines("minlen=8 minclass=3", "minlen=12");
  EXPECT_EQ(second_longer.value("minlen"), 12);
  EXPECT_EQ(second_longer.where("minlen"), "/etc/pam.d/common-password:2");
  EXPECT_EQ(second_longer.value("classes_required"), 3);
  EXPECT_EQ(second_longer.where("classes_required"), "/etc/pam.d/common-password:1");
  const auto first_longer = with_lines("minlen=12", "minlen=8 enforce_for_root");
  EXPECT_EQ(first_longer.value("minlen"), 12);
  EXPECT_EQ(first_longer.where("minlen"), "/etc/pam.d/common-password:1");
  EXPECT_EQ(first_longer.value("enforce_root"), 1);
}

TEST(PasswordPolicy, KnowsThatTheOriginalPamUnixHasNoMinimum) {
  const Policy policy(debian_12().without_file("/etc/debian_version"));
  EXPECT_EQ(policy.value("minlen"), 0);
  EXPECT_EQ(policy.enforced("minlen"), 0);
  EXPECT_EQ(policy.origin("minlen"), "absent");
}

TEST(PasswordPolicy, ReadsRhel9WithAuthselect) {
  const Policy policy(rhel_9());
  EXPECT_EQ(policy.value("minlen"), 8);
  EXPECT_EQ(policy.where("minlen"), "/etc/pam.d/system-auth:19");
  EXPECT_TRUE(contains(policy.note("minlen"), "local_users_only"));
  EXPECT_TRUE(contains(policy.note("minlen"), "pam_sss at /etc/pam.d/system-auth:23"));
  EXPECT_EQ(policy.value("remember"), 24);
  EXPECT_EQ(policy.where("remember"), "/etc/security/pwhistory.conf:2");
  EXPECT_EQ(policy.text("hash"), "yescrypt");
  EXPECT_EQ(policy.value("lockout_deny"), 3);
}

TEST(PasswordPolicy, ReadsUbuntu2204WithPwqualityAndHistory) {
  const Policy policy(debian_12_with_pwquality().with_file(
      kCommonPassword,
      "password\trequisite\t\t\tpam_pwquality.so retry=3\n"
      "password\trequired\t\t\tpam_pwhistory.so remember=5 use_authtok\n"
      "password\t[success=2 default=ignore]\tpam_unix.so obscure use_authtok try_first_pass "
      "yescrypt\n"
      "password\tsufficient\t\t\tpam_sss.so use_authtok\n"
      "password\trequisite\t\t\tpam_deny.so\npassword\trequired\t\t\tpam_permit.so\n"
      "password\toptional\tpam_gnome_keyring.so \n"));
  EXPECT_EQ(policy.value("remember"), 5);
  EXPECT_EQ(policy.enforced("remember"), 1);
  EXPECT_EQ(policy.where("remember"), "/etc/pam.d/common-password:2");
  EXPECT_TRUE(contains(policy.note("remember"), "not for root"));
  EXPECT_TRUE(contains(policy.note("hash"), "pam_sss"));
}

TEST(PasswordPolicy, RemembersTenByDefaultAndOnlyBeforePamUnix) {
  const auto with_stack = [](const char* text) {
    return Policy(debian_12().with_file(kCommonPassword, text));
  };
  const auto before = with_stack(
      "password requisite pam_pwhistory.so\npassword required pam_unix.so use_authtok\n");
  EXPECT_EQ(before.value("remember"), 10);
  EXPECT_EQ(before.origin("remember"), "default");
  const auto after =
      with_stack("password required pam_unix.so\npassword required pam_pwhistory.so use_authtok\n");
  EXPECT_EQ(after.value("remember"), 0);
  EXPECT_EQ(after.enforced("remember"), 0);
  EXPECT_TRUE(contains(after.note("remember"), "stands after pam_unix"));
}

TEST(PasswordPolicy, TakesTheHistoryOfPamUnix) {
  const Policy policy(debian_12().with_file(kCommonPassword,
                                            "password required pam_unix.so yescrypt remember=5\n"));
  EXPECT_EQ(policy.value("remember"), 5);
  EXPECT_EQ(policy.enforced("remember"), 1);
}

TEST(PasswordPolicy, DoesNotBelieveAPwhistoryConfThatTheModuleDoesNotKnow) {
  auto host = debian_12().with_file("/etc/security/pwhistory.conf", "remember = 24\n");
  host.with_file(
      kCommonPassword,
      "password requisite pam_pwhistory.so\npassword required pam_unix.so use_authtok\n");
  const std::string folder = "/usr/lib/x86_64-linux-gnu/security/";
  host.with_file(folder + "pam_unix.so", "").with_file(folder + "pam_pwhistory.so", "/opasswd");
  EXPECT_EQ(Policy(host).value("remember"), 10);
  EXPECT_TRUE(contains(Policy(host).note("remember"), "does not read this file"));
  host.with_file(folder + "pam_pwhistory.so", "x/etc/security/pwhistory.conf");
  EXPECT_EQ(Policy(host).value("remember"), 24);
}

TEST(PasswordPolicy, FallsBackToEncryptMethodAndThenToDes) {
  auto host = debian_12().with_file(kCommonPassword, "password required pam_unix.so\n");
  EXPECT_EQ(Policy(host).text("hash"), "sha512");
  EXPECT_EQ(Policy(host).where("hash"), "/etc/login.defs:6");
  host.with_file("/etc/login.defs", "");
  EXPECT_EQ(Policy(host).text("hash"), "des");
  EXPECT_EQ(Policy(host).origin("hash"), "default");
}

TEST(PasswordPolicy, ReadsAgeing) {
  const Policy policy(rhel_9());
  EXPECT_EQ(policy.value("max_days"), 90);
  EXPECT_EQ(policy.value("min_days"), 1);
  EXPECT_EQ(policy.value("warn_age"), 14);
  EXPECT_EQ(policy.value("inactive_days"), 30);
  EXPECT_EQ(policy.where("max_days"), "/etc/login.defs:1");
  EXPECT_EQ(policy.where("inactive_days"), "/etc/default/useradd:2");
  EXPECT_EQ(policy.enforced("max_days"), 1);
}

TEST(PasswordPolicy, HasNoNumberWhereAgeingIsOff) {
  const Policy policy(debian_12().with_file(
      "/etc/login.defs", "PASS_MAX_DAYS -1\nPASS_MIN_DAYS 5 # days\nPASS_MIN_LEN 12\n"));
  EXPECT_EQ(policy.value("max_days"), std::nullopt);
  EXPECT_EQ(policy.enforced("max_days"), 0);
  EXPECT_EQ(policy.value("min_days"), std::nullopt);
  EXPECT_TRUE(contains(policy.note("min_days"), "'5 # days' is not a number"));
  EXPECT_EQ(policy.origin("inactive_days"), "absent");
  EXPECT_TRUE(contains(policy.note("minlen"), "PASS_MIN_LEN at /etc/login.defs:3"));
}

}  // namespace
}  // namespace assay::agent
