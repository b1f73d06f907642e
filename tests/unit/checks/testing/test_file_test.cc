#include "checks/testing/test_file.h"

#include <gtest/gtest.h>

namespace assay::checks::testing {
namespace {

constexpr std::string_view kTwoCases = R"(# eight is too short
check PWD-MINLEN
framework idb-isp
table password_policy
{"setting":"minlen","value":8,"source":"/etc/security/pwquality.conf","line":3}
expect fail
{"setting":"minlen","value":8,"required":12}
---
# nobody may look
check PWD-MINLEN
profile pc
today 2027-01-01
unavailable password_policy permission_denied: reading /etc/pam.d
expect unknown
reason contains permission_denied
)";

std::string problems(std::string_view text) {
  const auto cases = parse_test_file(text, "x.test");
  return cases ? "" : cases.error().message();
}

TEST(TestFile, ReadsCasesWithTheirTablesAndRows) {
  const auto cases = parse_test_file(kTwoCases, "x.test");
  ASSERT_TRUE(cases) << cases.error().message();
  ASSERT_EQ(cases->size(), 2U);
  const auto& first = cases->front();
  EXPECT_EQ(first.name, "eight is too short");
  EXPECT_EQ(first.check, "PWD-MINLEN");
  EXPECT_EQ(first.framework, "idb-isp");
  ASSERT_EQ(first.tables.size(), 1U);
  EXPECT_EQ(first.tables.front().rows.front().cells.at("line"), 3);
  EXPECT_EQ(first.expected, State::kFail);
  ASSERT_EQ(first.rows.size(), 1U);
  EXPECT_EQ(first.rows.front().line, 7);
}

TEST(TestFile, DefaultsAreTheServerAndAFixedDay) {
  const auto cases = parse_test_file(kTwoCases, "x.test");
  ASSERT_TRUE(cases);
  EXPECT_EQ(cases->front().profile, "server");
  EXPECT_EQ(cases->front().today, "2026-11-21");
  EXPECT_EQ(cases->back().profile, "pc");
  EXPECT_EQ(cases->back().today, "2027-01-01");
}

TEST(TestFile, ATableMayBeUnavailableWithItsReason) {
  const auto cases = parse_test_file(kTwoCases, "x.test");
  ASSERT_TRUE(cases);
  const auto& table = cases->back().tables.front();
  EXPECT_EQ(table.unavailable, "permission_denied: reading /etc/pam.d");
  EXPECT_EQ(cases->back().reasons.front(), "permission_denied");
}

TEST(TestFile, ACaseWithoutAnExpectationIsAProblem) {
  EXPECT_EQ(problems("check A-B\n"), "x.test:1: the case expects nothing");
  EXPECT_EQ(problems("expect pass\n"), "x.test:1: the case names no check");
  EXPECT_EQ(problems("# only a comment\n"), "x.test:1: no case");
}

TEST(TestFile, ATypoIsNamedWithItsLine) {
  EXPECT_EQ(problems("check A-B\ntabel users\nexpect pass\n"),
            "x.test:2: unknown word tabel; did you mean table?");
  EXPECT_EQ(problems("check A-B\ntable user\nexpect pass\n"),
            "x.test:2: no table has the name user; did you mean users?");
  EXPECT_EQ(problems("check A-B\nexpect passed\n"), "x.test:2: expect passed: no such result");
}

TEST(TestFile, AllProblemsAreReportedAtOnce) {
  EXPECT_EQ(problems("check A-B\ntoday soon\nprofile phone\nexpect pass\n"),
            "x.test:2: not a day: soon\nx.test:3: a profile is server or pc");
}

TEST(TestFile, ARowIsAnObjectBelowATable) {
  EXPECT_NE(problems("check A-B\n{\"a\":1}\nexpect pass\n").find("x.test:2: a row belongs"),
            std::string::npos);
  EXPECT_NE(problems("check A-B\ntable users\n{\"uid\":1.5}\nexpect pass\n").find("x.test:3: uid"),
            std::string::npos);
  EXPECT_NE(problems("check A-B\ntable users\n{broken\nexpect pass\n").find("x.test:3: not a row"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::checks::testing
