#include <gtest/gtest.h>

#include "checks/engine/compiler.h"

namespace assay::checks {
namespace {

std::string check(std::string_view query) {
  return "- id: ACC-TEST\n  title: {en: T, zh-TW: 標題}\n  rationale: {en: W, zh-TW: 理由}\n"
         "  severity: high\n  key: [username]\n  query: \"" +
         std::string(query) +
         "\"\n  facts: \"SELECT uid FROM {{people}}\"\n  remedy: {en: D, zh-TW: 處理}\n";
}

constexpr std::string_view kFragments =
    "fragments:\n"
    "  people: users\n"
    "  roots: SELECT username FROM {{people}} WHERE {{is_root}}\n"
    "  is_root: uid = 0\n";

Result<Content> compiled(std::string_view rule, std::string_view fragments = kFragments) {
  Compiler compiler;
  compiler.add(rule, "acc.yaml");
  // After the rule: the order of files does not matter.
  if (!fragments.empty()) compiler.add(fragments, "sql.yaml");
  return std::move(compiler).finish();
}

std::string problems(std::string_view rule, std::string_view fragments = kFragments) {
  const auto content = compiled(rule, fragments);
  return content ? "" : content.error().message();
}

TEST(Fragments, StandForTheirTextAlsoInOneAnother) {
  const auto content = compiled(check("{{roots}}"));
  ASSERT_TRUE(content) << content.error().message();
  const auto* rule = content->check("ACC-TEST");
  EXPECT_EQ(rule->query, "SELECT username FROM users WHERE uid = 0");
  EXPECT_EQ(rule->facts, "SELECT uid FROM users");
  EXPECT_EQ(rule->tables, std::vector<std::string>{"users"});
}

// What was judged is told by the check's digest, so it must follow the fragment.
TEST(Fragments, DecideTheDigestAsIfTheyHadBeenWrittenOut) {
  const auto shared = compiled(check("{{roots}}"));
  const auto written = compiled(check("SELECT username FROM users WHERE uid = 0"));
  const auto other = compiled(check("{{roots}}"),
                              "fragments: {people: users, roots: SELECT username FROM users}\n");
  ASSERT_TRUE(shared);
  ASSERT_TRUE(written);
  ASSERT_TRUE(other) << other.error().message();
  EXPECT_EQ(shared->check("ACC-TEST")->digest, written->check("ACC-TEST")->digest);
  EXPECT_NE(shared->check("ACC-TEST")->digest, other->check("ACC-TEST")->digest);
}

TEST(Fragments, ATypoIsNamedAtTheLineOfTheSql) {
  EXPECT_NE(
      problems(check("{{rots}}"))
          .find("acc.yaml:6: ACC-TEST: there is no fragment \"rots\"; did you mean \"roots\"?"),
      std::string::npos)
      << problems(check("{{rots}}"));
  EXPECT_NE(problems(check("SELECT {{")).find("there is no fragment"), std::string::npos);
}

TEST(Fragments, AMistakeInTheSqlIsNamedAtTheCheck) {
  EXPECT_NE(problems(check("{{roots}} AND nonsense = 1")).find("acc.yaml:6: ACC-TEST: "),
            std::string::npos)
      << problems(check("{{roots}} AND nonsense = 1"));
}

TEST(Fragments, ThatHoldThemselvesComeToAnEnd) {
  EXPECT_NE(problems(check("{{a}}"), "fragments: {people: users, a: \"{{b}}\", b: \"{{a}}\"}\n")
                .find("its fragments hold one another"),
            std::string::npos);
  EXPECT_NE(problems(check("{{a}}"), "fragments: {people: users, a: \"" + std::string(5000, 'x') +
                                         "{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}\"}\n")
                .find("its fragments make more than 256 KiB of SQL"),
            std::string::npos);
}

TEST(Fragments, OneNameIsOneFragment) {
  Compiler compiler;
  compiler.add(kFragments, "sql.yaml");
  compiler.add("fragments:\n  people: groups\n", "more.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().message(), "more.yaml:2: the fragment \"people\" exists already");
}

}  // namespace
}  // namespace assay::checks
