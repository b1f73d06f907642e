#include "checks/engine/evaluation.h"

#include <gtest/gtest.h>

#include <map>

#include "checks/engine/compiler.h"
#include "checks/engine/rollup.h"
#include "evidence/canonical.h"
#include "evidence/schema.h"

namespace assay::checks {
namespace {

constexpr std::string_view kContent = R"(
- id: PWD-LENGTH
  title: {en: Short, zh-TW: 過短}
  rationale: {en: Why, zh-TW: 理由}
  severity: high
  key: [setting]
  query: |
    SELECT setting, value, p.minlen AS required,
           CASE WHEN value IS NULL THEN 'not determinable' END AS unknown_reason
    FROM password_policy, parameters p
    WHERE setting = 'minlen' AND (value < p.minlen OR value IS NULL)
  facts: SELECT setting, value FROM password_policy
  remedy: {en: Do, zh-TW: 處理}
  controls:
    - {control: "strict:1", proves: full}
    - {control: "mild:1", proves: full}
- id: ACC-ROOT
  title: {en: Root, zh-TW: 管理者}
  rationale: {en: Why, zh-TW: 理由}
  severity: low
  applies: SELECT 1 FROM os_version WHERE platform = 'debian'
  key: [username]
  query: SELECT username FROM users WHERE uid = 0 AND username <> 'root'
  remedy: {en: Do, zh-TW: 處理}
  controls:
    - {control: "strict:2", proves: partial, not_proven: {en: Rest, zh-TW: 其餘}}
)";

std::string catalogue(std::string_view id, int minlen) {
  return "framework: " + std::string(id) +
         "\nedition: \"1\"\ntitle: {en: T, zh-TW: 標題}\nsource: {en: S, zh-TW: 來源}\n"
         "controls_in_document: 4\nparameters:\n  server: {minlen: {value: " +
         std::to_string(minlen) +
         ", source: \"1\"}}\ncontrols:\n"
         "  - {id: \"1\", title: {en: A, zh-TW: 甲}, gist: {en: A, zh-TW: 甲}, mode: automated, "
         "location: {en: A, zh-TW: 甲}}\n"
         "  - {id: \"2\", title: {en: B, zh-TW: 乙}, gist: {en: B, zh-TW: 乙}, mode: partial, "
         "remains: {en: R, zh-TW: 其餘}, location: {en: B, zh-TW: 乙}}\n";
}

class FakeTables final : public TableSource {
 public:
  void put(evidence::Table table) {
    const auto name = table.header().table;
    digests_[name] = evidence::sha256(*evidence::to_canonical(table));
    tables_.insert_or_assign(name, std::move(table));
  }
  void lose(const std::string& name, std::string reason) {
    digests_.erase(name);
    reasons_[name] = std::move(reason);
  }
  Entry find(std::string_view table) const override {
    const auto digest = digests_.find(table);
    if (digest != digests_.end()) return {digest->second, ""};
    const auto reason = reasons_.find(table);
    return {std::nullopt, reason == reasons_.end() ? "" : reason->second};
  }
  Result<evidence::Table> load(std::string_view table) const override {
    ++loads;
    return tables_.find(table)->second;
  }
  mutable int loads = 0;

 private:
  std::map<std::string, evidence::Table, std::less<>> tables_;
  std::map<std::string, evidence::Digest, std::less<>> digests_;
  std::map<std::string, std::string, std::less<>> reasons_;
};

class MapCache final : public ResultCache {
 public:
  SharedResult find(const evidence::Digest& key) override {
    const auto found = results_.find(key);
    return found == results_.end() ? nullptr : found->second;
  }
  SharedResult store(const evidence::Digest& key, SharedResult result) override {
    return results_[key] = std::move(result);
  }

 private:
  std::map<evidence::Digest, SharedResult> results_;
};

class EvaluationTest : public testing::Test {
 protected:
  void SetUp() override {
    Compiler compiler;
    compiler.add(kContent, "rules.yaml");
    compiler.add(catalogue("strict", 12), "strict.yaml");
    compiler.add(catalogue("mild", 8), "mild.yaml");
    compiler.add(
        "table: parameters\nrows:\n  - {name: minlen, meaning: {en: m, zh-TW: 長度}, "
        "server: 10, pc: 8, source: x}\n",
        "parameters.yaml");
    auto content = std::move(compiler).finish();
    ASSERT_TRUE(content) << content.error().message();
    content_ = std::move(*content);
    set_minlen(std::int64_t{10});
    set_platform("debian");
    evidence::Table users(*evidence::find_table("users"));
    users.add({{"uid", std::int64_t{0}}, {"username", std::string("root")}});
    tables_.put(std::move(users));
  }

  void set_minlen(evidence::Value value) {
    evidence::Table policy(*evidence::find_table("password_policy"));
    policy.add({{"setting", std::string("minlen")}, {"value", std::move(value)}});
    tables_.put(std::move(policy));
  }
  void set_platform(std::string platform) {
    evidence::Table os(*evidence::find_table("os_version"));
    os.add({{"platform", std::move(platform)}});
    tables_.put(std::move(os));
  }
  EvaluationOutcome run() {
    return *evaluate({.content = &content_,
                      .tables = &tables_,
                      .profile = "server",
                      .today = "2026-11-21",
                      .cache = &cache_});
  }
  // The verdict of a check for a framework.
  CheckResult verdict(std::string_view check, std::string_view framework) {
    for (const auto& verdict : run().verdicts)
      for (const auto& id : verdict.frameworks())
        if (verdict.check().id == check && id == framework) return *verdict.result;
    return {};
  }

  Content content_;
  FakeTables tables_;
  MapCache cache_;
};

TEST_F(EvaluationTest, OneQueryGivesEachFrameworkItsOwnVerdict) {
  EXPECT_EQ(verdict("PWD-LENGTH", "strict").state, State::kFail);
  EXPECT_EQ(verdict("PWD-LENGTH", "mild").state, State::kPass);
  const auto rows = verdict("PWD-LENGTH", "strict").rows;
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].cells.back().first, "required");
  EXPECT_EQ(rows[0].cells.back().second, evidence::Value(std::int64_t{12}));
}

TEST_F(EvaluationTest, ATableThatIsMissingMakesTheCheckUnknownWithItsReason) {
  tables_.lose("password_policy", "permission_denied: reading /etc/pam.d");
  const auto result = verdict("PWD-LENGTH", "mild");
  EXPECT_EQ(result.state, State::kUnknown);
  EXPECT_EQ(result.reason, "password_policy: permission_denied: reading /etc/pam.d");
}

TEST_F(EvaluationTest, ATableThatDecidesApplicabilityCountsToo) {
  tables_.lose("os_version", "not_found: /etc/os-release");
  EXPECT_EQ(verdict("ACC-ROOT", "strict").state, State::kUnknown);
}

TEST_F(EvaluationTest, TablesThatLackForOneReasonShareItsWords) {
  tables_.lose("os_version", "timed_out: 2 s");
  tables_.lose("users", "timed_out: 2 s");
  EXPECT_EQ(verdict("ACC-ROOT", "strict").reason, "os_version, users: timed_out: 2 s");
  tables_.lose("users", "too_large: users");
  EXPECT_EQ(verdict("ACC-ROOT", "strict").reason,
            "os_version: timed_out: 2 s; users: too_large: users");
}

TEST_F(EvaluationTest, AValueThatIsNotKnownIsUnknownAndNeverAPass) {
  set_minlen(evidence::kNull);
  EXPECT_EQ(verdict("PWD-LENGTH", "mild").state, State::kUnknown);
  EXPECT_EQ(verdict("PWD-LENGTH", "mild").reason, "not determinable");
}

TEST_F(EvaluationTest, AnotherPlatformIsNotApplicable) {
  set_platform("rhel");
  EXPECT_EQ(verdict("ACC-ROOT", "strict").state, State::kNotApplicable);
}

TEST_F(EvaluationTest, ACheckForOtherHostsDoesNotAskForItsTables) {
  set_platform("rhel");
  tables_.lose("users", "not_found: /etc/passwd");
  EXPECT_EQ(verdict("ACC-ROOT", "strict").state, State::kNotApplicable);
  set_platform("debian");
  EXPECT_EQ(verdict("ACC-ROOT", "strict").state, State::kUnknown);
}

TEST_F(EvaluationTest, APersonsPartIsLeftWhereTheChecksDoNotApply) {
  set_platform("rhel");
  const auto states = roll_up(content_, run().verdicts);
  EXPECT_EQ(states[1].controls[1].automated, State::kNotApplicable);
  EXPECT_EQ(states[1].controls[1].state, State::kManual);
  const auto attested =
      roll_up(content_, run().verdicts, [](const Framework&, const Control&) { return true; });
  EXPECT_EQ(attested[1].controls[1].state, State::kPass);
}

TEST_F(EvaluationTest, ASupportingCheckNeitherPassesNorFailsAControl) {
  for (auto& check : content_.checks)
    for (auto& mapping : check.mappings) mapping.proves = Proves::kSupporting;
  const auto states = roll_up(content_, run().verdicts);
  EXPECT_EQ(states[1].controls[0].automated, State::kManual);
  EXPECT_EQ(states[1].controls[0].checks, std::vector<std::string>{"PWD-LENGTH"});
  EXPECT_FALSE(states[1].score.has_value());
}

TEST_F(EvaluationTest, TheSameTablesAreEvaluatedOnce) {
  EXPECT_EQ(run().evaluated, 3);
  const int loads = tables_.loads;
  EXPECT_EQ(run().evaluated, 0);
  EXPECT_EQ(tables_.loads, loads);
}

TEST_F(EvaluationTest, AChangedTableEvaluatesOnlyWhatReadsIt) {
  (void)run();  // fills the cache
  set_minlen(std::int64_t{14});
  EXPECT_EQ(run().evaluated, 2);
}

TEST_F(EvaluationTest, ACachedResultIsTheSameAsAFreshOne) {
  const auto fresh = verdict("PWD-LENGTH", "strict");
  EXPECT_EQ(to_json(verdict("PWD-LENGTH", "strict")), to_json(fresh));
  const auto again = result_from_json(to_json(fresh));
  ASSERT_TRUE(again);
  EXPECT_EQ(to_json(*again), to_json(fresh));
}

TEST_F(EvaluationTest, AResultIsWrittenAsJsonOfOneForm) {
  CheckResult result;
  result.state = State::kFail;
  result.reason = "quote \" backslash \\ \x7f \x01 \n 資安";
  result.rows = {{{{"text", "\xff\xe8\xb3 and \\udcff"}, {"number", std::int64_t{-7}}}},
                 {{{"nothing", evidence::kNull}}}};
  result.row_count = 2;
  const auto json = to_json(result);
  EXPECT_EQ(json,
            "{\"state\":\"fail\",\"reason\":\"quote \\\" backslash \\\\ \x7f \\u0001 \\n 資安\","
            "\"rows\":[{\"text\":\"\uFFFD\uFFFD and \\\\udcff\",\"number\":-7},{\"nothing\":null}],"
            "\"row_count\":2,\"facts\":[]}");
  const auto again = result_from_json(json);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->reason, result.reason);
  EXPECT_EQ(to_json(*again), json);
}

TEST_F(EvaluationTest, RollsUpToScoreAndCoverage) {
  const auto states = roll_up(content_, run().verdicts);
  const auto& strict = states[1];
  EXPECT_EQ(strict.framework->id, "strict");
  EXPECT_EQ(strict.controls[0].state, State::kFail);
  EXPECT_EQ(strict.controls[1].automated, State::kPass);
  EXPECT_EQ(strict.controls[1].state, State::kManual) << "a person must still attest the rest";
  EXPECT_DOUBLE_EQ(*strict.score, 0.5);
  EXPECT_DOUBLE_EQ(strict.coverage, 1.5 / 4);
}

TEST_F(EvaluationTest, AnAttestationCompletesAControlWhoseChecksPass) {
  const auto attested = [](const Framework& framework, const Control&) {
    return framework.id == "strict";
  };
  const auto states = roll_up(content_, run().verdicts, attested);
  const auto& strict = states[1];
  EXPECT_EQ(strict.controls[1].state, State::kPass);
  EXPECT_TRUE(strict.controls[1].is_attested);
  EXPECT_EQ(strict.controls[0].state, State::kFail) << "a failing check is never overruled";
  EXPECT_FALSE(strict.controls[0].is_attested);
  EXPECT_DOUBLE_EQ(*strict.score, 0.5);
  EXPECT_DOUBLE_EQ(strict.coverage, 2.0 / 4);
}

TEST_F(EvaluationTest, AnAttestationNeverOverrulesWhatIsUnknown) {
  tables_.lose("users", "timed_out: probe");
  const auto states =
      roll_up(content_, run().verdicts, [](const Framework&, const Control&) { return true; });
  EXPECT_EQ(states[1].controls[1].state, State::kUnknown);
  EXPECT_FALSE(states[1].controls[1].is_attested);
  EXPECT_DOUBLE_EQ(states[1].coverage, 1.0 / 4);
}

TEST_F(EvaluationTest, AnAttestationOfAControlThatNoCheckDecidesCountsWhole) {
  for (auto& check : content_.checks)
    for (auto& mapping : check.mappings) mapping.proves = Proves::kSupporting;
  const auto states =
      roll_up(content_, run().verdicts, [](const Framework&, const Control&) { return true; });
  EXPECT_EQ(states[1].controls[0].state, State::kManual) << "an automated control is for checks";
  EXPECT_EQ(states[1].controls[1].state, State::kPass);
  EXPECT_EQ(states[1].controls[1].automated, State::kManual);
  EXPECT_DOUBLE_EQ(*states[1].score, 1);
  EXPECT_DOUBLE_EQ(states[1].coverage, 1.0 / 4);
}

TEST_F(EvaluationTest, AWaivedCheckNeitherPassesNorFailsItsControl) {
  auto verdicts = run().verdicts;
  for (auto& verdict : verdicts) {
    if (verdict.result->state != State::kFail) continue;
    auto waived = *verdict.result;
    waived.state = State::kWaived;
    verdict.result = std::make_shared<const CheckResult>(std::move(waived));
  }
  const auto states =
      roll_up(content_, verdicts, [](const Framework&, const Control&) { return true; });
  EXPECT_EQ(states[1].controls[0].state, State::kWaived);
  EXPECT_FALSE(has_passed(states[1].controls[0]));
  EXPECT_DOUBLE_EQ(*states[1].score, 1) << "of what is left";
  EXPECT_DOUBLE_EQ(states[1].coverage, 1.0 / 4) << "and coverage falls";
}

TEST_F(EvaluationTest, AHostThatWasNotLookedAtNeverLooksGood) {
  for (const auto* table : {"password_policy", "os_version", "users"})
    tables_.lose(table, "timed_out: probe");
  for (const auto& state : roll_up(content_, run().verdicts)) {
    EXPECT_FALSE(state.score.has_value());
    EXPECT_DOUBLE_EQ(state.coverage, 0);
  }
}

ReferenceTable blocklist(std::string retrieved, std::string unavailable, std::int64_t days) {
  return {std::make_shared<const evidence::Table>(*evidence::find_table("blocklist")),
          {},
          "list",
          std::move(retrieved),
          std::move(unavailable),
          days};
}

TEST(ReasonAgainst, JudgesByDataUntilItsLastDay) {
  const auto table = blocklist("2026-11-01", "", 30);
  EXPECT_EQ(reason_against(table, "2026-12-01"), "");
  EXPECT_EQ(reason_against(table, "2026-12-02"),
            "the data is of 2026-11-01, too old to judge by after 30 days; load newer content");
  EXPECT_EQ(reason_against(table, "2027-01-02"), reason_against(table, "2026-12-02"));
}

TEST(ReasonAgainst, WithoutALimitDataStaysGood) {
  const auto table = blocklist("2000-01-01", "", 0);
  EXPECT_EQ(reason_against(table, "2026-12-01"), "");
}

TEST(ReasonAgainst, AnAbsentListIsAReasonOfItsOwn) {
  const auto table = blocklist("2026-11-01", "none has been loaded", 30);
  EXPECT_EQ(reason_against(table, "2026-11-02"), "none has been loaded");
}

}  // namespace
}  // namespace assay::checks
