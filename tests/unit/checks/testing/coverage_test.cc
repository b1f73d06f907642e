#include "checks/testing/coverage.h"

#include <gtest/gtest.h>

#include "checks/engine/compiler.h"
#include "checks/testing/run.h"

namespace assay::checks::testing {
namespace {

constexpr std::string_view kParameters = R"(table: parameters
rows:
  - name: minlen
    meaning: {en: M, zh-TW: 長度}
    server: 12
    pc: 8
    source: {en: S, zh-TW: 來源}
)";

constexpr std::string_view kCheck = R"(
- id: PWD-TEST
  title: {en: T, zh-TW: 標題}
  rationale: {en: Why, zh-TW: 理由}
  severity: high
  applies: SELECT 1 FROM os_version
  key: [setting]
  query: |
    SELECT s.setting, s.value, p.minlen AS required,
           CASE WHEN s.value IS NULL THEN 'not known' END AS unknown_reason
    FROM password_policy s, parameters p WHERE (s.value >= p.minlen) IS NOT 1
  remedy: {en: Do, zh-TW: 處理}
  controls: []
)";

const Content& content() {
  static const Content kContent = [] {
    Compiler compiler;
    compiler.add(kParameters, "parameters.yaml");
    compiler.add(kCheck, "pwd.yaml");
    auto compiled = std::move(compiler).finish();
    EXPECT_TRUE(compiled) << compiled.error().message();
    return compiled ? *compiled : Content();
  }();
  return kContent;
}

std::string policy(std::string_view value, std::string_view expected) {
  return "---\ncheck PWD-TEST\ntable os_version\n{\"platform\":\"debian\"}\ntable password_policy\n"
         "{\"setting\":\"minlen\",\"value\":" +
         std::string(value) + "}\nexpect " + std::string(expected) + "\n";
}

const std::string kElsewhere = "---\ncheck PWD-TEST\nexpect not_applicable\n";
const std::string kUnknown = policy("null", "unknown");

// What the tests lack, one to a line.
std::string lacks(const std::string& tests) {
  const auto cases = parse_test_file(tests, "x.test");
  if (!cases) return cases.error().message();
  for (const auto& one : *cases)
    for (const auto& failure : run(one, content())) ADD_FAILURE() << failure.to_text();
  std::string out;
  for (const auto& lack : lacking({&content().checks.front()}, *cases, content()))
    out += lack.words().en + '\n';
  return out;
}

TEST(Coverage, NamesEachStateWithoutACase) {
  EXPECT_EQ(lacks(policy("12", "pass") + policy("11", "fail") + kUnknown + kElsewhere), "");
  EXPECT_EQ(lacks(policy("12", "pass")),
            "PWD-TEST: no case that expects fail\nPWD-TEST: no case that expects unknown\n"
            "PWD-TEST: no case that expects not_applicable\n");
}

TEST(Coverage, ACaseFarFromTheFigureIsNoBoundary) {
  EXPECT_EQ(lacks(policy("20", "pass") + policy("1", "fail") + kUnknown + kElsewhere),
            "PWD-TEST: no case at the boundary of minlen\n");
}

TEST(Coverage, OneSideOfTheFigureIsABoundary) {
  EXPECT_EQ(lacks(policy("12", "pass") + policy("1", "fail") + kUnknown + kElsewhere), "");
  EXPECT_EQ(lacks(policy("20", "pass") + policy("11", "fail") + kUnknown + kElsewhere), "");
}

TEST(Coverage, ACheckWithoutAnyCaseLacksAll) {
  const auto found = lacking({&content().checks.front()}, {}, content());
  EXPECT_EQ(found.size(), 5U);
  EXPECT_EQ(found.back().words().zh_tw, "PWD-TEST：缺少 minlen 邊界值的案例");
}

}  // namespace
}  // namespace assay::checks::testing
