#include "agent/probes/linux/accounts/account_files.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

struct PasswordCase {
  const char* field;
  const char* status;
  const char* hash_alg;
};
std::ostream& operator<<(std::ostream& out, const PasswordCase& one) {
  return out << one.field;
}
class PasswordStateTest : public testing::TestWithParam<PasswordCase> {};

TEST_P(PasswordStateTest, IsReadFromTheField) {
  EXPECT_EQ(password_state(GetParam().field),
            (PasswordState{GetParam().status, GetParam().hash_alg}));
}

INSTANTIATE_TEST_SUITE_P(
    All, PasswordStateTest,
    testing::Values(PasswordCase{"", "empty", ""}, PasswordCase{"!!", "not_set", ""},
                    PasswordCase{"*", "locked", ""}, PasswordCase{"!", "locked", ""},
                    PasswordCase{"!*", "locked", ""}, PasswordCase{"x", "locked", ""},
                    PasswordCase{"$y$j9T$salt$hash", "active", "y"},
                    PasswordCase{"$6$salt$hash", "active", "6"},
                    PasswordCase{"$2b$05$salthash", "active", "2b"},
                    PasswordCase{"$md5,rounds=5$salt$hash", "active", "md5"},
                    // A locked account keeps its hash, which comes back to life when unlocked.
                    PasswordCase{"!$6$salt$hash", "locked", "6"},
                    PasswordCase{"!!$1$salt$hash", "locked", "1"},
                    PasswordCase{"*$5$salt$hash", "locked", "5"},
                    // The traditional hashes have no mark; their form tells.
                    PasswordCase{"abJnggxhB/yWI", "active", "des"},
                    PasswordCase{"xyJnggxhB/yWI", "active", "des"},
                    PasswordCase{"abJnggxhB/yWIJnggxhB/yWI", "active", "des"},
                    PasswordCase{"!abJnggxhB/yWI", "locked", "des"},
                    PasswordCase{"_J9..abcdJnggxhB/yWI", "active", "bsdi"},
                    PasswordCase{"!LK", "locked", ""}, PasswordCase{"abJnggxhB/yWI0", "active", ""},
                    PasswordCase{"$", "active", ""}, PasswordCase{"$6", "active", ""},
                    // No mark is that long: it is a piece of something secret.
                    PasswordCase{"$argon2id$v=19$x", "active", "argon2id"},
                    PasswordCase{"$7LBIwnmHVVJ$x", "active", ""}));

TEST(AccountFilesTest, ReadsAnAccount) {
  const auto entries = parse_passwd("mei:x:1000:4294967294:林美玲:/home/mei:/bin/sh\n");
  ASSERT_EQ(entries.value().size(), 1U);
  EXPECT_EQ(entries->at(0).name, "mei");
  EXPECT_EQ(entries->at(0).gid, 4294967294U);
  EXPECT_EQ(entries->at(0).comment, "林美玲");
  EXPECT_FALSE(entries->at(0).own_password.has_value());
}

TEST(AccountFilesTest, SeesAPasswordOutsideOfShadow) {
  EXPECT_EQ(parse_passwd("mei::1:1::/:\n")->at(0).own_password->status, "empty");
  EXPECT_EQ(parse_passwd("mei:$1$a$b:1:1::/:\n")->at(0).own_password->hash_alg, "1");
}

TEST(AccountFilesTest, PassesOverWhatIsNoLocalAccount) {
  EXPECT_TRUE(parse_passwd("\n# comment\n+::::::\n-mei::::::\n").value().empty());
  EXPECT_TRUE(parse_group("+:::\n").value().empty());
}

TEST(AccountFilesTest, ReadsMembersOfAGroup) {
  EXPECT_EQ(parse_group("sudo:x:27:mei, an,\n")->at(0).members,
            (std::vector<std::string>{"mei", "an"}));
}

TEST(AccountFilesTest, EmptyAndNegativeAgeingIsOff) {
  const auto entry = parse_shadow("mei:*:20400:0:-1::14::\n").value().at(0);
  EXPECT_EQ(entry.last_change, 20400);
  EXPECT_EQ(entry.min, 0);
  EXPECT_EQ(entry.max, std::nullopt);
  EXPECT_EQ(entry.warning, std::nullopt);
  EXPECT_EQ(entry.inactive, 14);
}

TEST(AccountFilesTest, ABrokenLineIsAnErrorWithItsNumber) {
  EXPECT_EQ(parse_passwd("a:x:0:0::/:\nb:x:1\n").error().message(),
            "line 2: 7 fields are expected, not 3");
  EXPECT_EQ(parse_passwd("a:x:-1:0::/:\n").error().code(), Code::kInvalidData);
  EXPECT_EQ(parse_passwd("a:x:4294967296:0::/:\n").error().code(), Code::kInvalidData);
  EXPECT_EQ(parse_passwd(":x:1:0::/:\n").error().code(), Code::kInvalidData);
  EXPECT_EQ(parse_group("a:x:zero:\n").error().code(), Code::kInvalidData);
}

TEST(AccountFilesTest, AnErrorNeverQuotesTheLineOfAHash) {
  for (const auto* text : {"mei:$6$canary$canary", "mei:$6$canary$canary:x:0:0:0:0:0:\n"}) {
    const auto entries = parse_shadow(text);
    ASSERT_FALSE(entries.has_value());
    EXPECT_EQ(entries.error().message().find("canary"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::agent
