// What password_policy does when it cannot see everything: an Error, never half a table.
#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/accounts/password_policy/policy_fixture.h"

namespace assay::agent {
namespace {

Error error_of(MapHost host) {
  const auto table = collect_password_policy(host);
  EXPECT_FALSE(table.has_value());
  return table ? Error(Code::kInternal, "there is a table") : table.error();
}

TEST(PasswordPolicyFailure, IsNotFoundWithoutPam) {
  const auto error = error_of(MapHost{{"/etc/passwd", "root:x:0:0::/:/bin/sh\n"}});
  EXPECT_EQ(error.code(), Code::kNotFound);
  EXPECT_TRUE(contains(error.message(), "no PAM configuration"));
}

class UnreadableFile : public testing::TestWithParam<const char*> {};

TEST_P(UnreadableFile, MakesTheWholeTableUnavailable) {
  const auto error =
      error_of(debian_12_with_pwquality().failing(GetParam(), Code::kPermissionDenied));
  EXPECT_EQ(error.code(), Code::kPermissionDenied);
  EXPECT_TRUE(contains(error.message(), GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Each, UnreadableFile,
    testing::Values("/etc/pam.d/passwd", "/etc/pam.d/common-password", "/etc/pam.d/common-auth",
                    "/etc/pam.d/common-account", "/etc/security/pwquality.conf",
                    "/etc/security/pwquality.conf.d", "/etc/security/faillock.conf",
                    "/etc/security/pwhistory.conf", "/etc/login.defs", "/etc/default/useradd"));

TEST(PasswordPolicyFailure, NamesTheFileThatIsBinary) {
  const auto error =
      error_of(debian_12().with_file("/etc/pam.d/common-password", std::string("\x7f"
                                                                               "ELF\x02\x01\0\0",
                                                                               8)));
  EXPECT_EQ(error.code(), Code::kInvalidData);
  EXPECT_TRUE(contains(error.message(), "reading /etc/pam.d/common-password: line 1"));
}

TEST(PasswordPolicyFailure, NamesTheIncludeLoop) {
  const auto error =
      error_of(debian_12().with_file("/etc/pam.d/common-password", "@include passwd\n"));
  EXPECT_EQ(error.code(), Code::kInvalidData);
  EXPECT_TRUE(contains(error.message(), "/etc/pam.d/passwd:5 -> /etc/pam.d/common-password:1"));
}

TEST(PasswordPolicyFailure, RefusesAFileThatIsTooLarge) {
  const auto error =
      error_of(debian_12().with_file("/etc/login.defs", std::string(kMaxConfigBytes + 1, '#')));
  EXPECT_EQ(error.code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
