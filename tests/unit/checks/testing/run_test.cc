#include "checks/testing/run.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "checks/engine/compiler.h"

namespace assay::checks::testing {
namespace {

constexpr std::string_view kCheck = R"(
- id: ACC-ROOT
  title: {en: Root, zh-TW: 管理者}
  rationale: {en: Why, zh-TW: 理由}
  severity: high
  profiles: [server]
  applies: SELECT 1 FROM os_version WHERE platform = 'debian'
  key: [username]
  query: SELECT username, uid FROM users WHERE uid = 0 AND username <> 'root'
  facts: SELECT username FROM users
  remedy: {en: Do, zh-TW: 處理}
  controls: []
)";

const Content& content() {
  static const Content kContent = [] {
    Compiler compiler;
    compiler.add(kCheck, "acc.yaml");
    auto compiled = std::move(compiler).finish();
    EXPECT_TRUE(compiled) << compiled.error().message();
    return compiled ? *compiled : Content();
  }();
  return kContent;
}

// What is said about a case of ACC-ROOT on Debian; the file's first lines are 1 to 3.
std::string said(std::string_view rest) {
  const std::string text =
      "check ACC-ROOT\ntable os_version\n{\"platform\":\"debian\"}\n" + std::string(rest);
  const auto cases = parse_test_file(text, "x.test");
  if (!cases) return cases.error().message();
  std::string out;
  for (const auto& failure : run(cases->front(), content())) out += failure.to_text() + '\n';
  return out;
}

constexpr std::string_view kTwoRoots =
    "table users\n{\"username\":\"root\",\"uid\":0}\n{\"username\":\"toor\",\"uid\":0}\n";

std::string with_two_roots(std::string_view rest) {
  return said(std::string(kTwoRoots) + std::string(rest));
}

TEST(Run, SaysNothingWhenTheVerdictIsTheExpectedOne) {
  EXPECT_EQ(with_two_roots("expect fail\n{\"username\":\"toor\"}\n"), "");
  EXPECT_EQ(said("expect pass\n"), "");
}

TEST(Run, AWrongVerdictIsShownWithItsRows) {
  EXPECT_EQ(with_two_roots("expect pass\n"),
            "x.test:7: expected pass, but it is fail\n"
            "    row: {\"username\":\"toor\",\"uid\":0}\n");
}

TEST(Run, AMissingRowIsShownWithWhatIsThere) {
  EXPECT_EQ(with_two_roots("expect fail\n{\"username\":\"admin\"}\n"),
            "x.test:8: no such row: {\"username\":\"admin\"}\n"
            "    there is: {\"username\":\"toor\",\"uid\":0}\n");
}

TEST(Run, ARowTooManyIsAFailure) {
  EXPECT_EQ(said("table users\n{\"username\":\"a\",\"uid\":0}\n{\"username\":\"b\",\"uid\":0}\n"
                 "expect fail\n{\"uid\":0}\n"),
            "x.test:7: 1 rows expected, but there are 2\n"
            "    not expected: {\"username\":\"b\",\"uid\":0}\n");
}

TEST(Run, AnUnavailableTableMakesUnknownWithItsReason) {
  EXPECT_EQ(said("unavailable users permission_denied: no\nexpect unknown\n"
                 "reason contains permission_denied\n"),
            "");
  EXPECT_NE(said("unavailable users permission_denied: no\nexpect unknown\n"
                 "reason contains timed_out\n"),
            "");
}

TEST(Run, FactsAreCompared) {
  EXPECT_EQ(with_two_roots("expect fail\nfacts\n{\"username\":\"root\"}\n"), "");
  EXPECT_NE(with_two_roots("expect fail\nfacts\n{\"username\":\"nobody\"}\n"), "");
}

TEST(Run, AColumnThatTheTableDoesNotHaveIsAFailure) {
  EXPECT_EQ(said("table users\n{\"name\":\"x\"}\nexpect pass\n"),
            "x.test:5: users has no column name\n");
  EXPECT_EQ(said("table users\n{\"uid\":\"x\"}\nexpect pass\n"),
            "x.test:5: users.uid: a value of another type\n");
}

TEST(Run, ACheckThatIsNotForTheProfileIsAFailure) {
  EXPECT_EQ(said("profile pc\nexpect pass\n"), "x.test:5: ACC-ROOT is not for the profile pc\n");
}

class RunAll : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "run-all-" + std::to_string(getpid());
    std::filesystem::create_directories(folder_ + "/acc");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ + "/acc/" + name) << text;
  }
  std::string folder_;
};

TEST_F(RunAll, CountsCasesAndNamesTheChecks) {
  write("a.test", "check ACC-ROOT\nexpect not_applicable\n---\ncheck ACC-ROOT\nexpect fail\n");
  write("b.test", "check ACC-ROT\nexpect pass\n");
  const auto summary = run_all({folder_}, content());
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->passed, 1);
  EXPECT_EQ(summary->failed, 2);
  EXPECT_EQ(summary->tested, (std::vector<std::string>{"ACC-ROOT", "ACC-ROT"}));
  EXPECT_NE(summary->failures.back().what.find("did you mean ACC-ROOT?"), std::string::npos);
}

TEST_F(RunAll, AFileThatCannotBeReadAsTestsIsAFailure) {
  write("a.test", "nonsense\n");
  const auto summary = run_all({folder_}, content());
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->failed, 1);
}

TEST_F(RunAll, AFolderWithoutTestsIsAnError) {
  EXPECT_EQ(run_all({folder_}, content()).error().code(), Code::kInvalidData);
  EXPECT_EQ(run_all({folder_ + "/none"}, content()).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::checks::testing
