#include "collector/evaluation/evaluator.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "evidence/compress.h"
#include "tests/unit/collector/evaluation/evaluator_fixture.h"

namespace assay::collector {
namespace {

TEST_F(EvaluatorTest, FindsWhatViolates) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  const auto findings = open();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].check_id, "ACC-ROOT");
  EXPECT_EQ(findings[0].row, R"({"username":"toor"})");
  EXPECT_EQ(store_->verdicts({}, {})->items.size(), 2U);
}

TEST_F(EvaluatorTest, AnUnchangedSnapshotEvaluatesNothing) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  const auto before = evaluator_->counts();
  // One question for all results of the host.
  const auto lookups = store_->meter().counts().at("results").calls;
  EXPECT_EQ(lookups, 1);
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  EXPECT_EQ(evaluator_->counts().results, before.results);
  EXPECT_EQ(evaluator_->counts().unchanged, before.unchanged + 1);
  EXPECT_EQ(store_->meter().counts().at("results").calls, lookups);
  EXPECT_EQ(open().at(0).snapshot, store_->host("host-1")->last_snapshot);
}

TEST_F(EvaluatorTest, WhatIsComputedFromIsReadTogetherAndOnce) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  const auto asked = [&](const char* operation) {
    const auto counts = store_->meter().counts();
    const auto found = counts.find(operation);
    return found == counts.end() ? 0 : found->second.calls;
  };
  EXPECT_EQ(asked("kept_tables"), 1);
  EXPECT_EQ(asked("table"), 0);
  // What another one has computed needs no table.
  accept("host-2", {users({"root", "toor"})});
  judge("host-2");
  EXPECT_EQ(asked("kept_tables"), 1);
  EXPECT_EQ(asked("table"), 0);
}

TEST_F(EvaluatorTest, HostsThatShareTablesShareResults) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  const auto computed = evaluator_->counts().results;
  accept("host-2", {users({"root", "toor"})});
  judge("host-2");
  EXPECT_EQ(evaluator_->counts().results, computed);
  EXPECT_EQ(open().size(), 2U);
}

TEST_F(EvaluatorTest, HostsOfWhichTheSameIsSaidShareAResultThoughTheirTablesDiffer) {
  accept("host-1", {users({"root", "toor"}, {"ann"})});
  accept("host-2", {users({"root", "toor"}, {"bob"})});
  const std::vector<std::string> hosts{"host-1", "host-2"};
  for (const auto& done : evaluator_->evaluate_all(hosts)) ASSERT_TRUE(done);
  VerdictFilter filter;
  filter.check_id = "ACC-ROOT";
  const auto verdicts = store_->verdicts(filter, {})->items;
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].key, verdicts[1].key);
  EXPECT_TRUE(store_->result(verdicts[0].key));
  EXPECT_EQ(open().size(), 2U);
  now_ += std::chrono::days(1);
  judge("host-2");
  EXPECT_EQ(store_->history("host-2", "ACC-ROOT", {})->items.size(), 1U);
  EXPECT_EQ(open().size(), 3U) << "and that the day is over";
}

TEST_F(EvaluatorTest, WhatIsMendedIsResolved) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  accept("host-1", {users({"root"})});
  judge("host-1");
  EXPECT_TRUE(open().empty());
}

TEST_F(EvaluatorTest, AMissingTableIsUnknownAndResolvesNothing) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  accept("host-1", {});
  judge("host-1");
  ASSERT_EQ(open().size(), 1U);
  EXPECT_FALSE(open()[0].is_confirmed);
  VerdictFilter filter;
  filter.check_id = "ACC-ROOT";
  EXPECT_EQ(store_->verdicts(filter, {})->items.at(0).state, checks::State::kUnknown);
}

TEST_F(EvaluatorTest, ANewDayJudgesWhatReadsTheClockAndNothingElse) {
  accept("host-1", {users({"root"})});
  judge("host-1");
  const auto computed = evaluator_->counts().results;
  now_ += std::chrono::days(1);
  judge("host-1");
  EXPECT_EQ(evaluator_->counts().results, computed + 1);
  EXPECT_EQ(open().at(0).check_id, "EOL-DAY");
}

TEST_F(EvaluatorTest, ADamagedTableIsAnErrorAndNoVerdict) {
  auto table = users({"root"});
  table.frame = evidence::compress("not that table").value();
  accept("host-1", {table});
  const auto done = evaluator_->evaluate("host-1");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Code::kInvalidData);
  // Nor is what could not be read taken for an answer the next time.
  EXPECT_FALSE(evaluator_->evaluate("host-1"));
  EXPECT_TRUE(store_->verdicts({}, {})->items.empty());
  EXPECT_EQ(store_->due(content_->digest, "2026-11-21", "", 10)->size(), 1U);
}

TEST_F(EvaluatorTest, AClockThatIsAheadDatesNothingIntoTheFuture) {
  now_ = evidence::from_timestamp("2026-11-20T00:00:00Z").value();
  accept("host-1", {users({"toor"})});
  judge("host-1");
  EXPECT_EQ(open().at(0).first_seen, now_);
}

TEST_F(EvaluatorTest, AKeyThatIsNotUtf8StaysOneFinding) {
  accept("host-1", {users({"\xff"})});
  judge("host-1");
  accept("host-2", {users({"\xff"})});
  now_ += std::chrono::days(1);
  judge("host-1");
  FindingFilter filter;
  filter.check_id = "ACC-ROOT";
  EXPECT_EQ(store_->findings(filter, {})->items.size(), 1U);
}

TEST_F(EvaluatorTest, AVerdictGoesOnWhileItsResultIsTheSame) {
  accept("host-1", {users({"root", "toor"})});
  now_ = evidence::from_timestamp("2026-11-22T05:00:00Z").value();
  judge("host-1");
  const auto begun = store_->verdicts({}, {})->items;
  // Another table of users with the same answer: the key of the result is another one.
  accept("host-1", {users({"root", "toor"}, {"somebody"})});
  now_ += std::chrono::hours(1);
  judge("host-1");
  EXPECT_EQ(evaluator_->counts().unchanged, 0);
  const auto after = store_->verdicts({}, {})->items;
  ASSERT_EQ(after.size(), begun.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].since, begun[i].since);
    EXPECT_EQ(after[i].key, begun[i].key);
  }
  EXPECT_EQ(open().at(1).snapshot, store_->host("host-1")->last_snapshot);
  // The day is shown in a row of EOL-DAY: that one is another verdict, ACC-ROOT goes on.
  now_ += std::chrono::days(1);
  judge("host-1");
  EXPECT_EQ(store_->history("host-1", "EOL-DAY", {})->items.size(), 2U);
  EXPECT_EQ(store_->history("host-1", "ACC-ROOT", {})->items.size(), 1U);
  const auto verdicts = store_->verdicts({}, {}).value();
  for (const auto& verdict : verdicts.items) EXPECT_TRUE(store_->result(verdict.key));
}

TEST_F(EvaluatorTest, ARuleOfAnotherSeverityGivesItToItsFindings) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  std::string rules(kRules);
  rules.replace(rules.find("severity: high"), 14, "severity: low ");
  set_rules(rules);
  judge("host-1");
  ASSERT_EQ(open().size(), 1U);
  EXPECT_EQ(open()[0].severity, checks::Severity::kLow);
}

TEST_F(EvaluatorTest, HostsThatAreJudgedTogetherShareWhatIsNew) {
  accept("host-1", {users({"root", "toor"})});
  accept("host-2", {users({"root", "toor"})});
  const std::vector<std::string> both = {"host-1", "host-3", "host-2"};
  const auto answers = evaluator_->evaluate_all(both);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_TRUE(answers[0]);
  EXPECT_FALSE(answers[1]);  // and the others are judged all the same
  EXPECT_TRUE(answers[2]);
  EXPECT_EQ(evaluator_->counts().hosts, 2);
  EXPECT_EQ(evaluator_->counts().results, 2);
  EXPECT_EQ(store_->meter().counts().at("commit_evaluations").calls, 1);
  EXPECT_EQ(open().size(), 2U);
  const auto verdicts = store_->verdicts({}, {}).value();
  for (const auto& verdict : verdicts.items) EXPECT_TRUE(store_->result(verdict.key));
}

// What is open after any history is what a first look at the last snapshot finds.
TEST_F(EvaluatorTest, WhateverCameBeforeTheSameIsOpen) {
  std::minstd_rand random(20'261'129);
  const auto keys = [&](const std::string& host_id) {
    FindingFilter filter;
    filter.host_id = host_id;
    filter.state = FindingState::kOpen;
    const auto found = store_->findings(filter, {}).value();
    std::set<std::string> open_keys;
    for (const auto& finding : found.items)
      open_keys.insert(finding.check_id + finding.row + (finding.is_confirmed ? "" : "?"));
    return open_keys;
  };
  for (int i = 0; i < 60; ++i) {
    std::vector<std::string> roots = {"root"};
    for (const auto* name : {"toor", "admin", "backup"})
      if (random() % 2 == 0) roots.emplace_back(name);
    if (random() % 3 == 0) now_ += std::chrono::days(1);
    now_ += std::chrono::seconds(1);
    accept("host-1", {users(roots)});
    judge("host-1");
    const auto name = "first-" + std::to_string(i);
    enroll(name);
    accept(name, {users(roots)});
    judge(name);
    EXPECT_EQ(keys("host-1"), keys(name)) << i;
    if (i % 7 == 0) {
      accept("host-1", {});
      judge("host-1");
    }
  }
}

// Whoever judges, and whatever of it is remembered where, the verdicts and findings are the same as
// if nothing had ever been remembered.
TEST_F(EvaluatorTest, WhatIsRememberedChangesNoVerdict) {
  const auto other_rules = [](int turn) {
    std::string rules(kRules);
    if (turn % 2 == 1) rules.replace(rules.find("severity: high"), 14, "severity: low ");
    if (turn % 3 == 1) rules.replace(rules.find("2026-11-21"), 10, "2026-11-30");
    if (turn % 3 == 2) rules.replace(rules.find("<> 'root'"), 9, "<> 'toor'");
    if (turn % 5 == 4) rules.resize(rules.find("- id: EOL-DAY"));
    return rules;
  };
  const auto said_of = [&](const std::string& host_id) {
    std::set<std::string> said;
    VerdictFilter verdicts;
    verdicts.host_id = host_id;
    const auto in_force = store_->verdicts(verdicts, {}).value();
    for (const auto& one : in_force.items) {
      const auto result = store_->result(one.key);
      EXPECT_TRUE(result) << host_id << " " << one.check_id;
      said.insert(one.check_id + " " + std::string(name_of(one.state)) + " " + one.reason + " " +
                  one.check_digest.hex() + " " + result.value_or(""));
    }
    FindingFilter findings;
    findings.host_id = host_id;
    findings.state = FindingState::kOpen;
    const auto open = store_->findings(findings, {}).value();
    for (const auto& one : open.items)
      said.insert(one.check_id + " " + one.row + " " + std::string(name_of(one.severity)) +
                  (one.is_confirmed ? "" : " not confirmed"));
    return said;
  };
  std::minstd_rand random(20'261'130);
  Evaluator other(*store_, content_, [this] { return now_; });
  for (int i = 0; i < 80; ++i) {
    now_ += std::chrono::seconds(1);
    if (random() % 4 == 0) now_ += std::chrono::days(1);
    if (random() % 3 == 0) {
      set_rules(other_rules(static_cast<int>(random() % 30)));
      other.set_content(content_);
    }
    std::vector<std::string> roots = {"root"};
    for (const auto* name : {"toor", "admin"})
      if (random() % 2 == 0) roots.emplace_back(name);
    const auto is_scanned = i == 0 || random() % 2 == 0;
    static std::vector<StoredTable> tables;
    if (is_scanned) {
      tables = {users(roots, {"user-" + std::to_string(random() % 3)})};
      if (random() % 6 == 0) tables.clear();
      accept("host-1", tables);
    }
    auto& judging = random() % 3 == 0 ? other : *evaluator_;
    ASSERT_TRUE(judging.evaluate("host-1"));
    // One that is judged with no past.
    const auto name = "first-" + std::to_string(i);
    enroll(name);
    accept(name, tables);
    Evaluator fresh(*store_, content_, [this] { return now_; });
    ASSERT_TRUE(fresh.evaluate(name));
    auto expected = said_of(name);
    // What is in doubt stays open on the one with a past.
    auto said = said_of("host-1");
    std::erase_if(said, [](const std::string& one) { return one.ends_with("not confirmed"); });
    EXPECT_EQ(said, expected) << i;
  }
}

TEST_F(EvaluatorTest, AContentThatAsksOneFamilyAnewReadsNoManifest) {
  accept("host-1", {users({"root", "toor"})});
  judge("host-1");
  const auto calls = [&](const char* call) {
    const auto counts = store_->meter().counts();
    const auto found = counts.find(call);
    return found == counts.end() ? 0 : found->second.calls;
  };
  const auto snapshots = calls("snapshot");
  const auto standing = calls("standing");
  const auto findings = calls("findings");
  std::string rules(kRules);
  rules.replace(rules.find("SELECT today FROM clock"), 23, "SELECT today FROM  clock");
  set_rules(rules);
  judge("host-1");
  EXPECT_EQ(store_->history("host-1", "EOL-DAY", {})->items.size(), 2U) << "by other words";
  EXPECT_EQ(store_->history("host-1", "ACC-ROOT", {})->items.size(), 1U);
  EXPECT_EQ(calls("snapshot"), snapshots);
  EXPECT_EQ(calls("standing"), standing);
  EXPECT_EQ(calls("findings"), findings);
}

}  // namespace
}  // namespace assay::collector
