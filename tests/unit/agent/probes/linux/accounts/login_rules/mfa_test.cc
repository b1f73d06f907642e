#include "agent/probes/linux/accounts/login_rules/mfa.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kUnix = "auth required pam_unix.so\n";

// "factor|required" of the service's first row.
std::string factor_of(const evidence::Table& table, std::string_view service) {
  return cell(table, "service", service, "factor") + "|" +
         cell(table, "service", service, "required");
}

std::string login_with(const std::string& auth) {
  MapHost host{{"/etc/pam.d/login", auth}};
  return factor_of(good(collect_mfa(host)), "login");
}

TEST(Mfa, SaysThatAServiceHasNone) {
  EXPECT_EQ(login_with(kUnix), "none|0");
}

TEST(Mfa, IsRequiredWhenNoLoginSucceedsWithout) {
  EXPECT_EQ(login_with(std::string(kUnix) + "auth required pam_google_authenticator.so\n"),
            "one_time_code|1");
  EXPECT_EQ(login_with("auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n"
                       "auth required pam_u2f.so\n"),
            "fido|1");
}

TEST(Mfa, IsNotRequiredWhereOneGetsInWithout) {
  EXPECT_EQ(login_with(std::string(kUnix) + "auth optional pam_oath.so\n"), "one_time_code|0");
  EXPECT_EQ(login_with("auth sufficient pam_unix.so\nauth required pam_oath.so\n"),
            "one_time_code|0");
  EXPECT_EQ(login_with("auth sufficient pam_u2f.so\n" + std::string(kUnix)), "fido|0");
}

TEST(Mfa, IsNotRequiredOfThoseWhoHaveNotSetItUp) {
  MapHost host{{"/etc/pam.d/login", std::string(kUnix) + "auth required pam_u2f.so nouserok\n"}};
  const auto table = good(collect_mfa(host));
  EXPECT_EQ(factor_of(table, "login"), "fido|0");
  EXPECT_NE(cell(table, "service", "login", "note").find("nouserok"), std::string::npos);
}

TEST(Mfa, IsNotRequiredOfThoseWhomAnotherModuleLetsPass) {
  MapHost host{{"/etc/pam.d/login", std::string(kUnix) +
                                        "auth sufficient pam_succeed_if.so user ingroup trusted\n"
                                        "auth required pam_oath.so\n"}};
  const auto table = good(collect_mfa(host));
  EXPECT_EQ(factor_of(table, "login"), "one_time_code|0");
  EXPECT_NE(cell(table, "service", "login", "note").find("pam_succeed_if"), std::string::npos);
}

TEST(Mfa, EitherOfTwoFactorsIsOne) {
  EXPECT_EQ(
      login_with(std::string(kUnix) + "auth sufficient pam_u2f.so\nauth required pam_oath.so\n"),
      "fido|1");
}

TEST(Mfa, SaysWhenTheFactorReplacesThePassword) {
  MapHost host{{"/etc/pam.d/login", "auth sufficient pam_pkcs11.so\nauth required pam_unix.so\n"}};
  EXPECT_NE(
      cell(good(collect_mfa(host)), "service", "login", "note").find("instead of the password"),
      std::string::npos);
}

TEST(Mfa, NamesTheLine) {
  MapHost host{{"/etc/pam.d/login", "@include common-auth\n"},
               {"/etc/pam.d/common-auth", std::string(kUnix) + "auth requisite pam_duo.so\n"}};
  const auto table = good(collect_mfa(host));
  ASSERT_EQ(table.rows().size(), 1U);  // the fragment is no service
  EXPECT_EQ(row(table, 0, {"module", "control", "source", "line"}),
            "pam_duo|requisite|/etc/pam.d/common-auth|2");
}

MapHost sshd(const std::string& config) {
  return MapHost{{"/etc/ssh/sshd_config", config},
                 {"/etc/pam.d/sshd", std::string(kUnix) + "auth required pam_oath.so\n"}};
}

TEST(Mfa, IsNoneOfSshdWhenAKeyAloneOpens) {
  auto host = sshd("UsePAM yes\n");
  const auto table = good(collect_mfa(host));
  EXPECT_EQ(factor_of(table, "sshd"), "one_time_code|0");
  EXPECT_NE(cell(table, "service", "sshd", "note").find("publickey"), std::string::npos);
}

TEST(Mfa, IsRequiredBySshdWhenEveryWayAsksPam) {
  auto host = sshd("UsePAM yes\nAuthenticationMethods publickey,keyboard-interactive:pam\n");
  const auto table = good(collect_mfa(host));
  EXPECT_EQ(cell(table, "factor", "one_time_code", "required"), "1");
  EXPECT_EQ(cell(table, "factor", "sshd_methods", "required"), "1");
  auto only_pam = sshd("UsePAM yes\nPubkeyAuthentication no\nPasswordAuthentication no\n");
  EXPECT_EQ(factor_of(good(collect_mfa(only_pam)), "sshd"), "one_time_code|1");
}

TEST(Mfa, TakesAPasswordAskedForTwiceForOneFactor) {
  auto host = sshd("UsePAM yes\nAuthenticationMethods password,keyboard-interactive\n");
  EXPECT_EQ(cell(good(collect_mfa(host)), "factor", "sshd_methods", "required"), "0");
}

TEST(Mfa, DoesNotJudgeWhatHoldsForSomeOnly) {
  auto host = sshd("Match User lin\nAuthenticationMethods publickey,password\n");
  const auto table = good(collect_mfa(host));
  EXPECT_EQ(cell(table, "factor", "sshd_methods", "required"), "NULL");
  EXPECT_EQ(cell(table, "factor", "sshd_methods", "note"), "only where Match User lin holds");
}

TEST(Mfa, SaysThatThereIsNoPam) {
  auto alpine = fixture_host("alpine");
  const auto table = good(collect_mfa(alpine));
  EXPECT_EQ(factor_of(table, "login"), "none|0");
  EXPECT_EQ(factor_of(table, "sshd"), "none|0");
}

TEST(Mfa, ReadsTheDistributions) {
  auto ubuntu = fixture_host("ubuntu2404");
  const auto table = good(collect_mfa(ubuntu));
  EXPECT_EQ(cell(table, "factor", "sshd_methods", "required"), "1");
  EXPECT_EQ(cell(table, "factor", "one_time_code", "required"), "0");  // nullok
  auto rhel = fixture_host("rhel9");
  EXPECT_EQ(factor_of(good(collect_mfa(rhel)), "sudo"), "none|0");
  auto suse = fixture_host("sles15");
  EXPECT_EQ(factor_of(good(collect_mfa(suse)), "login"), "none|0");
}

}  // namespace
}  // namespace assay::agent
