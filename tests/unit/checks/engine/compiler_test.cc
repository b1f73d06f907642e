#include "checks/engine/compiler.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::checks {
namespace {

constexpr std::string_view kCatalogue = R"(framework: test
edition: "2026"
title: {en: Test, zh-TW: 測試}
source: {en: Test, zh-TW: 測試}
controls_in_document: 2
controls:
  - id: "1"
    title: {en: One, zh-TW: 一}
    gist: {en: One, zh-TW: 一}
    mode: automated
    location: {en: Article 1, zh-TW: 第一條}
)";

constexpr std::string_view kCheck = R"(- id: ACC-TEST
  title: {en: Title, zh-TW: 標題}
  rationale: {en: Why, zh-TW: 理由}
  severity: high
  key: [username]
  query: SELECT username FROM users WHERE uid = 0
  remedy: {en: Do, zh-TW: 處理}
  controls:
    - {control: "test:1", proves: full}
)";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  out.replace(out.find(from), from.size(), to);
  return out;
}

// What the compiler says about the check, the catalogue being right.
std::string problems(std::string_view check) {
  Compiler compiler;
  compiler.add(kCatalogue, "test.yaml");
  compiler.add(check, "acc.yaml");
  const auto content = std::move(compiler).finish();
  return content ? "" : content.error().message();
}

TEST(Compiler, LearnsTheTablesOfACheck) {
  Compiler compiler;
  compiler.add(kCatalogue, "test.yaml");
  compiler.add(kCheck, "acc.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_TRUE(content) << content.error().message();
  EXPECT_EQ(content->check("ACC-TEST")->tables, std::vector<std::string>{"users"});
}

TEST(Compiler, NamesFileLineAndLikelyMeaningOfATypo) {
  EXPECT_EQ(problems(replaced(kCheck, "  severity:", "  severty:")),
            "acc.yaml:1: the key \"severity\" is missing\n"
            "acc.yaml:4: unknown key \"severty\"; did you mean \"severity\"?");
  EXPECT_EQ(problems(replaced(kCheck, "severity: high", "severity: hihg")),
            "acc.yaml:4: \"hihg\" is no severity; did you mean \"high\"?");
}

TEST(Compiler, RefusesAMissingTranslation) {
  EXPECT_EQ(problems(replaced(kCheck, ", zh-TW: 標題", "")),
            "acc.yaml:2: the key \"zh-TW\" is missing");
}

TEST(Compiler, RefusesSqlThatWritesAttachesOrLoads) {
  const auto with = [](std::string_view sql) {
    return problems(replaced(kCheck, "SELECT username FROM users WHERE uid = 0", sql));
  };
  EXPECT_NE(with("DELETE FROM users").find("may not be modified"), std::string::npos);
  EXPECT_NE(with("CREATE TABLE y(x)").find("a query may only read"), std::string::npos);
  EXPECT_NE(with("ATTACH '/tmp/x' AS y").find("a query may only read"), std::string::npos);
  EXPECT_NE(with("SELECT load_extension('x') AS username FROM users").find("load_extension"),
            std::string::npos);
  EXPECT_NE(with("SELECT usrname AS username FROM users").find("no such column"),
            std::string::npos);
}

TEST(Compiler, NamesTheLineOfTheSqlThatIsWrong) {
  const std::string text = replaced(kCheck, "SELECT username FROM users WHERE uid = 0",
                                    "SELECT usrname AS username FROM users");
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("query:")),
                     '\n');
  EXPECT_EQ(problems(text),
            "acc.yaml:" + std::to_string(line) + ": ACC-TEST: no such column: usrname");
}

TEST(Compiler, RefusesUnknownControlsFrameworksAndKeys) {
  EXPECT_NE(problems(replaced(kCheck, "test:1", "tset:1")).find("did you mean \"test\"?"),
            std::string::npos);
  EXPECT_NE(problems(replaced(kCheck, "test:1", "test:9")).find("has no control \"9\""),
            std::string::npos);
  EXPECT_NE(problems(replaced(kCheck, "key: [username]", "key: [usrname]"))
                .find("did you mean \"username\"?"),
            std::string::npos);
}

TEST(Compiler, RefusesTwoColumnsOfOneName) {
  EXPECT_NE(problems(replaced(kCheck, "SELECT username", "SELECT uid AS username, username"))
                .find("two columns of its answer are named \"username\""),
            std::string::npos);
  EXPECT_NE(problems(replaced(kCheck, "  remedy:",
                              "  facts: SELECT username AS who, uid AS who FROM users\n  remedy:"))
                .find("two columns of its answer are named \"who\""),
            std::string::npos);
}

TEST(Compiler, RefusesAControlThatIsAskedOfOtherMachines) {
  const auto said = [](const std::string& catalogue, const std::string& check) {
    Compiler compiler;
    compiler.add(catalogue, "test.yaml");
    compiler.add(check, "acc.yaml");
    const auto content = std::move(compiler).finish();
    return content ? "" : content.error().message();
  };
  const auto of_pcs = std::string(kCatalogue) + "    applies_to: {profiles: [pc]}\n";
  const auto for_servers = replaced(kCheck, "  key:", "  profiles: [server]\n  key:");
  EXPECT_EQ(said(of_pcs, for_servers),
            "acc.yaml:1: ACC-TEST: test:1 is not asked of any profile that the check is for");
  EXPECT_EQ(said(of_pcs, std::string(kCheck)), "");
  EXPECT_EQ(said(std::string(kCatalogue), for_servers), "");
}

TEST(Compiler, DemandsToKnowWhatAMappingDoesNotProve) {
  EXPECT_NE(problems(replaced(kCheck, "proves: full", "proves: partial")).find("not_proven"),
            std::string::npos);
}

TEST(Compiler, RefusesTheSameIdTwice) {
  const std::string twice = std::string(kCheck) + std::string(kCheck);
  EXPECT_EQ(problems(twice), "acc.yaml:10: the check ACC-TEST exists already");
}

TEST(Compiler, RefusesADateThatIsNone) {
  EXPECT_EQ(problems("table: eol_cycles\nsource: test\nretrieved: 2026-11-21\n"
                     "rows:\n  - {product: debian, cycle: \"12\", security_until: 2026-02-30}\n"),
            "acc.yaml:5: \"2026-02-30\" is not a date like 2026-11-21");
}

TEST(Compiler, RefusesDataThatNeverGetsOldEnough) {
  EXPECT_EQ(problems("table: blocklist\nsource: test\nretrieved: 2026-11-21\nmax_age_days: 0\n"
                     "rows: []\n"),
            "acc.yaml:4: from 1 to 3650 days");
}

TEST(Compiler, SurvivesWhatIsNotYaml) {
  for (const auto* text : {"", "- [", "\xff\xfe", "{a: *b}", "- - - -", "42", "framework: x"})
    EXPECT_NE(problems(text), "") << text;
}

TEST(Compiler, CompiledContentReadsBackTheSame) {
  Compiler compiler;
  compiler.add(kCatalogue, "test.yaml");
  compiler.add(kCheck, "acc.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_TRUE(content);
  const auto again = content_from_json(to_json(*content));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(to_json(*again), to_json(*content));
  EXPECT_EQ(again->digest, content->digest);
}

TEST(Compiler, ACompanysOwnFigureReplacesTheDefault) {
  constexpr std::string_view kDefault =
      "table: parameters\nrows:\n  - {name: minlen, meaning: {en: m, zh-TW: 長度}, server: 12, "
      "pc: 8, source: x}\n";
  Compiler compiler;
  compiler.add(kDefault, "parameters.yaml");
  compiler.add(replaced(kDefault, "server: 12", "server: 16"), "own.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_TRUE(content) << content.error().message();
  EXPECT_EQ(content->parameter(nullptr, "server", "minlen").value,
            evidence::Value(std::int64_t{16}));
}

}  // namespace
}  // namespace assay::checks
