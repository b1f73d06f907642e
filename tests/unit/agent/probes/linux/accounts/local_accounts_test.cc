#include "agent/probes/linux/accounts/local_accounts.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "evidence/canonical.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(AccountsTest, UsersAreThoseOfTheFile) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_users(host));
  EXPECT_EQ(table.rows().size(), 6U);
  EXPECT_EQ(row(table, 3, {"uid", "gid", "username", "description", "directory", "shell", "uuid"}),
            "1000|1000|mei-ling|林美玲,,,|/home/mei-ling|/bin/bash|NULL");
}

TEST(AccountsTest, SignedIdsWrapAround) {
  MemoryHost host;
  host.files = {{"/etc/passwd", "nfs:x:4294967294:65534::/:/bin/false\n"}};
  EXPECT_EQ(row(good(collect_users(host)), 0, {"uid", "uid_signed", "gid_signed"}),
            "4294967294|-2|65534");
}

TEST(AccountsTest, GroupsAreThoseOfTheFile) {
  auto host = fixture_host("debian12");
  EXPECT_EQ(cell(good(collect_groups(host)), "groupname", "sudo", "gid"), "27");
}

TEST(AccountsTest, MembershipsIncludeThePrimaryGroup) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_user_groups(host));
  std::string of_mei;
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (evidence::to_text(table.at(i, "uid")) == "1000") of_mei += row(table, i, {"gid"}) + " ";
  EXPECT_EQ(of_mei, "27 1000 ");
}

TEST(AccountsTest, ShadowSaysStateAndAgeing) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_shadow(host));
  EXPECT_EQ(row(table, 3,
                {"username", "password_status", "hash_alg", "last_change", "min", "max", "warning",
                 "inactive", "expire", "flag"}),
            "mei-ling|active|y|20400|1|90|14|30|NULL|NULL");
  EXPECT_EQ(row(table, 4, {"username", "password_status", "hash_alg", "expire"}),
            "backup2|locked|6|20818");
}

TEST(AccountsTest, AnEmptyPasswordInPasswdIsSeen) {
  auto host = fixture_host("debian12");
  EXPECT_EQ(cell(good(collect_shadow(host)), "username", "legacy", "password_status"), "empty");
}

TEST(AccountsTest, APasswordInPasswdWinsOverTheFirstLineInShadow) {
  MemoryHost host;
  host.files = {{"/etc/passwd", "mei:$1$a$b:1:1::/:\nan::2:2::/:\nan:*:2:2::/:\n"},
                {"/etc/shadow", "mei:$6$a$b:7::::::\nmei:$5$a$b:8::::::\n"}};
  const auto table = good(collect_shadow(host));
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(row(table, 0, {"username", "hash_alg", "last_change", "source"}),
            "mei|1|7|/etc/passwd");
  EXPECT_EQ(row(table, 1, {"username", "hash_alg", "last_change", "source"}),
            "mei|5|8|/etc/shadow");
  EXPECT_EQ(row(table, 2, {"username", "password_status", "source"}), "an|locked|/etc/passwd");
}

TEST(AccountsTest, NoHashIsEverInATable) {
  auto host = fixture_host("debian12");
  const auto bytes = evidence::to_canonical(good(collect_shadow(host))).value();
  EXPECT_EQ(bytes.find("notARealSalt"), std::string::npos);
  EXPECT_EQ(bytes.find("ThisIsNoHash"), std::string::npos);
}

TEST(AccountsTest, AnUnreadableShadowIsPermissionDeniedNotEmpty) {
  auto image = fixture_host("debian12");
  FailingHost host(image);
  host.fail_path("/etc/shadow", Error(Code::kPermissionDenied, "Permission denied"));
  const auto table = collect_shadow(host);
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().code(), Code::kPermissionDenied);
  EXPECT_EQ(table.error().message(), "reading /etc/shadow: Permission denied");
}

TEST(AccountsTest, ABrokenFileFailsTheTableWithPathAndLine) {
  MemoryHost host;
  host.files = {{"/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nhalf:x:1"}};
  EXPECT_EQ(collect_users(host).error().message(),
            "reading /etc/passwd: line 2: 7 fields are expected, not 3");
}

TEST(AccountsTest, AnOversizedFileIsRefused) {
  MemoryHost host;
  host.files = {{"/etc/passwd", std::string((16U << 20U) + 1, '\n')}};
  EXPECT_EQ(collect_users(host).error().code(), Code::kTooLarge);
}

struct FailingFile {
  Result<evidence::Table> (*collect)(Host&);
  const char* path;
};
std::ostream& operator<<(std::ostream& out, const FailingFile& one) {
  return out << one.path;
}
class AccountsFailureTest : public testing::TestWithParam<FailingFile> {};

TEST_P(AccountsFailureTest, AFailureOfTheMachineIsPassedOn) {
  auto image = fixture_host("debian12");
  FailingHost host(image);
  host.fail_path(GetParam().path, Error(Code::kIo, "disk on fire"));
  const auto table = GetParam().collect(host);
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().code(), Code::kIo);
}

INSTANTIATE_TEST_SUITE_P(All, AccountsFailureTest,
                         testing::Values(FailingFile{collect_users, "/etc/passwd"},
                                         FailingFile{collect_groups, "/etc/group"},
                                         FailingFile{collect_user_groups, "/etc/passwd"},
                                         FailingFile{collect_user_groups, "/etc/group"},
                                         FailingFile{collect_shadow, "/etc/shadow"},
                                         FailingFile{collect_shadow, "/etc/passwd"}));

}  // namespace
}  // namespace assay::agent
