#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "checks/engine/compiler.h"
#include "checks/engine/evaluation.h"
#include "checks/engine/workbench.h"
#include "evidence/canonical.h"
#include "evidence/schema.h"

namespace assay::checks {
namespace {

constexpr std::string_view kRule = R"(
- id: ACC-ROOTS
  title: {en: T, zh-TW: 標題}
  rationale: {en: W, zh-TW: 理由}
  severity: high
  key: [username]
  query: SELECT username, group_count FROM roots WHERE username <> 'root'
  facts: SELECT count(*) AS roots FROM roots
  remedy: {en: D, zh-TW: 處理}
)";
constexpr std::string_view kDerived = R"(
fragments:
  is_root: uid = 0
)";
constexpr std::string_view kRoots = R"(
derived:
  roots:
    columns: {username: text, group_count: integer}
    query: SELECT username, (SELECT count(*) FROM user_groups) AS group_count FROM users WHERE {{is_root}}
)";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  return at == std::string::npos ? "not there" : out.replace(at, from.size(), to);
}

Result<Content> compiled(std::string_view rule = kRule, std::string_view derived = kRoots) {
  Compiler compiler;
  compiler.add(rule, "acc.yaml");
  compiler.add(kDerived, "sql.yaml");
  compiler.add(derived, "derived.yaml");
  return std::move(compiler).finish();
}

std::string problems(std::string_view rule, std::string_view derived) {
  const auto content = compiled(rule, derived);
  return content ? "" : content.error().message();
}

class Tables final : public TableSource {
 public:
  void put(evidence::Table table) { tables_.insert_or_assign(table.header().table, table); }
  void lose(const std::string& name) { tables_.erase(name); }
  Entry find(std::string_view name) const override {
    const auto found = tables_.find(name);
    if (found == tables_.end()) return {std::nullopt, "timed_out: not read"};
    return {evidence::sha256(*evidence::to_canonical(found->second)), ""};
  }
  Result<evidence::Table> load(std::string_view name) const override {
    return tables_.find(name)->second;
  }

 private:
  std::map<std::string, evidence::Table, std::less<>> tables_;
};

Tables host(std::initializer_list<std::string> roots) {
  Tables tables;
  evidence::Table users(*evidence::find_table("users"));
  for (const auto& name : roots) users.add({{"uid", std::int64_t{0}}, {"username", name}});
  tables.put(users);
  tables.put(evidence::Table(*evidence::find_table("user_groups")));
  return tables;
}

CheckResult judged(const Content& content, const Tables& tables, Workbench& workbench) {
  const auto outcome = evaluate({.content = &content,
                                 .tables = &tables,
                                 .profile = "server",
                                 .today = "2026-11-21",
                                 .workbench = &workbench});
  return outcome ? *outcome->verdicts.at(0).result : CheckResult();
}

TEST(DerivedTable, ACheckReadsWhatItsDerivedTablesRead) {
  const auto content = compiled();
  ASSERT_TRUE(content) << content.error().message();
  const auto* check = content->check("ACC-ROOTS");
  EXPECT_EQ(check->tables, (std::vector<std::string>{"user_groups", "users"}));
  EXPECT_EQ(check->derived, std::vector<std::string>{"roots"});
  EXPECT_NE(content->derived.at("roots").query.find("WHERE uid = 0"), std::string::npos);
}

TEST(DerivedTable, ItsQueryDecidesTheDigestOfTheCheck) {
  const auto one = compiled();
  const auto other = compiled(kRule, replaced(kRoots, "WHERE {{is_root}}", "WHERE uid < 10"));
  ASSERT_TRUE(one);
  ASSERT_TRUE(other);
  EXPECT_NE(one->check("ACC-ROOTS")->digest, other->check("ACC-ROOTS")->digest);
}

TEST(DerivedTable, CompiledContentReadsBackTheSame) {
  const auto content = compiled();
  ASSERT_TRUE(content);
  const auto again = content_from_json(to_json(*content));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(to_json(*again), to_json(*content));
  auto damaged = nlohmann::json::parse(to_json(*content));
  damaged["derived"] = nlohmann::json::array();
  EXPECT_FALSE(content_from_json(damaged.dump()));
}

TEST(DerivedTable, IsWorkedOutForEachHost) {
  const auto content = compiled();
  ASSERT_TRUE(content);
  for (const auto hosts : {Workbench::For::kManyHosts, Workbench::For::kOneHost}) {
    Workbench workbench(hosts);
    EXPECT_EQ(judged(*content, host({"root"}), workbench).state, State::kPass);
    const auto two = judged(*content, host({"root", "toor"}), workbench);
    EXPECT_EQ(two.state, State::kFail);
    ASSERT_EQ(two.rows.size(), 1U);
    EXPECT_EQ(two.rows[0].cells[0].second, evidence::Value(std::string("toor")));
    EXPECT_EQ(two.facts[0].cells[0].second, evidence::Value(std::int64_t{2}));
    EXPECT_EQ(judged(*content, host({"root"}), workbench).state, State::kPass);
  }
}

// Also when the table that is missing is read by the derived table alone.
TEST(DerivedTable, WhatItCannotSeeMakesTheCheckUnknown) {
  const auto content = compiled();
  ASSERT_TRUE(content);
  for (const auto* lost : {"users", "user_groups"}) {
    Workbench workbench;
    auto tables = host({"root"});
    EXPECT_EQ(judged(*content, tables, workbench).state, State::kPass);
    tables.lose(lost);
    const auto result = judged(*content, tables, workbench);
    EXPECT_EQ(result.state, State::kUnknown) << lost;
    EXPECT_EQ(result.reason, std::string(lost) + ": timed_out: not read");
  }
}

TEST(DerivedTable, ARowOfAnotherTypeIsNoVerdict) {
  const auto content = compiled(
      kRule, replaced(kRoots, "(SELECT count(*) FROM user_groups)", "(SELECT 'many' FROM users)"));
  ASSERT_TRUE(content) << content.error().message();
  Workbench workbench;
  EXPECT_EQ(judged(*content, host({"root"}), workbench).state, State::kUnknown);
}

TEST(DerivedTable, BadOnesAreRefusedWithTheirPlace) {
  const auto said = [](std::string_view from, std::string_view to) {
    return problems(kRule, replaced(kRoots, from, to));
  };
  EXPECT_EQ(said("group_count: integer", "group_count: number"),
            "derived.yaml:4: \"number\" is no type; text or integer");
  EXPECT_EQ(said("  roots:", "  users:").substr(0, 15), "derived.yaml:4:");
  EXPECT_NE(said("  roots:", "  parameters:").find("cannot be the name of a derived table"),
            std::string::npos);
  EXPECT_EQ(said("AS group_count", "AS groups_"),
            "derived.yaml:5: roots: the query answers with other columns than are declared");
  EXPECT_EQ(said("FROM users WHERE", "FROM nowhere WHERE"),
            "derived.yaml:5: roots: no such table: nowhere");
  EXPECT_EQ(said("FROM users WHERE", "FROM users, (SELECT 1 FROM roots) WHERE"),
            "derived.yaml:5: roots: a derived table may not read roots");
  EXPECT_EQ(said("{{is_root}}", "{{is_rot}}"),
            "derived.yaml:5: roots: there is no fragment \"is_rot\"; did you mean \"is_root\"?");
  EXPECT_EQ(problems(replaced(kRule, "  key:", "  applies: SELECT 1 FROM roots\n  key:"), kRoots),
            "acc.yaml:6: ACC-ROOTS: whether a check applies is not asked of a derived table: roots");
}

}  // namespace
}  // namespace assay::checks
