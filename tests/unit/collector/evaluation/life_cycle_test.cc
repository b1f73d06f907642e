#include "collector/evaluation/life_cycle.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

using checks::State;

evidence::Seconds at(std::int64_t second) {
  return evidence::Seconds(std::chrono::seconds(second));
}

// One host, one check, and a memory of what was recorded, as the store would keep it.
class LifeCycle : public testing::TestWithParam<bool> {
 protected:
  LifeCycle() {
    check_.id = "PWD-A";
    check_.key = {"setting"};
    check_.severity = checks::Severity::kHigh;
  }

  static checks::ResultRow row(const std::string& setting, std::int64_t value) {
    return {{{"setting", setting}, {"value", value}}};
  }
  checks::Verdict verdict(State state, std::vector<checks::ResultRow> rows = {},
                          std::vector<std::string> frameworks = {"idb-isp"},
                          std::int64_t minlen = 8) {
    checks::CheckResult result;
    result.state = state;
    result.row_count = static_cast<std::int64_t>(rows.size());
    result.rows = std::move(rows);
    const auto key = evidence::sha256(checks::to_json(result));
    return {std::make_shared<const checks::Question>(
                checks::Question{&check_, {{"minlen", minlen}}, std::move(frameworks)}),
            key, std::make_shared<const checks::CheckResult>(std::move(result))};
  }
  static checks::SharedResult with_reason(const checks::Verdict& verdict,
                                          const std::string& reason) {
    auto result = *verdict.result;
    result.reason = reason;
    return std::make_shared<const checks::CheckResult>(std::move(result));
  }
  EvaluationChange judge(std::int64_t now, const std::vector<checks::Verdict>& verdicts) {
    LifeCycleInput input;
    input.mark.host_id = "host-1";
    input.mark.scanned_at = input.mark.evaluated_at = at(now);
    input.mark.snapshot = evidence::sha256(std::to_string(now));
    std::vector<SharedName> names;
    for (const auto& verdict : verdicts) {
      names.push_back(name_of(*verdict.question));
      results_[verdict.key] = verdict.result;
    }
    input.now = {std::make_shared<const JudgedGroup>(judged_group(verdicts, names))};
    if (remembers_) input.before = std::exchange(judged_, input.now);
    std::vector<VerdictInterval> standing;
    for (const auto& [key, interval] : intervals_) standing.push_back(interval);
    if (!remembers_)
      input.standing = {std::make_shared<const std::vector<VerdictInterval>>(std::move(standing))};
    input.result = [this](const evidence::Digest& key) { return results_.at(key); };
    input.open = [this](const std::set<std::string>& check_ids) -> Result<std::vector<Finding>> {
      ++looked_at_;
      std::vector<Finding> open;
      for (const auto& [id, finding] : findings_)
        if (finding.state == FindingState::kOpen && check_ids.contains(finding.check_id))
          open.push_back(finding);
      return open;
    };
    input.earlier = [this](const evidence::Digest& id) -> Result<std::optional<Finding>> {
      const auto found = findings_.find(id);
      return found == findings_.end() ? std::nullopt : std::optional(found->second);
    };
    auto change = next_change(input).value();
    for (const auto& key : change.ended) intervals_.erase(key);
    for (const auto& begun : change.begun) intervals_[{begun.check_id, begun.parameters}] = begun;
    for (const auto& finding : change.findings) findings_[finding.id] = finding;
    for (const auto& finding : change.appeared) findings_[finding.id] = finding;
    return change;
  }
  const Finding& only_finding() { return findings_.begin()->second; }

  // Whether what was in force is known as it was judged, or from the store.
  const bool remembers_ = GetParam();
  std::vector<SharedGroup> judged_;
  int looked_at_ = 0;  // how often findings were asked for
  checks::Check check_;
  std::map<std::pair<std::string, std::string>, VerdictInterval> intervals_;
  std::map<evidence::Digest, Finding> findings_;
  std::map<evidence::Digest, checks::SharedResult> results_;
};

TEST_P(LifeCycle, AViolatingRowIsAFinding) {
  const auto change = judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  ASSERT_EQ(change.appeared.size(), 1U);
  EXPECT_EQ(change.begun.size(), 1U);
  const auto& finding = change.appeared[0];
  EXPECT_EQ(finding.first_seen, at(100));
  EXPECT_EQ(finding.key, R"({"setting":"minlen"})");
  EXPECT_EQ(finding.row, R"({"setting":"minlen","value":6})");
  EXPECT_EQ(finding.severity, checks::Severity::kHigh);
}

TEST_P(LifeCycle, TheSameAgainChangesNothing) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  const auto change = judge(200, {verdict(State::kFail, {row("minlen", 6)})});
  EXPECT_TRUE(change.findings.empty());
  EXPECT_TRUE(change.begun.empty());
  EXPECT_TRUE(change.ended.empty());
}

TEST_P(LifeCycle, AnotherValueUnderTheSameKeyIsTheSameFinding) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  judge(200, {verdict(State::kFail, {row("minlen", 7)})});
  ASSERT_EQ(findings_.size(), 1U);
  EXPECT_EQ(only_finding().first_seen, at(100));
  EXPECT_EQ(only_finding().opened_at, at(100));
  EXPECT_EQ(only_finding().row, R"({"setting":"minlen","value":7})");
}

TEST_P(LifeCycle, APassResolvesAndAFailureReopens) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  judge(200, {verdict(State::kPass)});
  EXPECT_EQ(only_finding().state, FindingState::kResolved);
  EXPECT_EQ(only_finding().resolved_at, at(200));
  judge(300, {verdict(State::kFail, {row("minlen", 6)})});
  EXPECT_EQ(only_finding().state, FindingState::kOpen);
  EXPECT_EQ(only_finding().reopened, 1);
  EXPECT_EQ(only_finding().first_seen, at(100));
  EXPECT_EQ(only_finding().opened_at, at(300));
  EXPECT_FALSE(only_finding().resolved_at.has_value());
}

TEST_P(LifeCycle, UnknownKeepsItOpenAndUnconfirmed) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  judge(200, {verdict(State::kUnknown)});
  EXPECT_EQ(only_finding().state, FindingState::kOpen);
  EXPECT_FALSE(only_finding().is_confirmed);
  EXPECT_EQ(only_finding().last_seen, at(100));
  EXPECT_TRUE(judge(300, {verdict(State::kUnknown)}).findings.empty());
  judge(400, {verdict(State::kFail, {row("minlen", 6)})});
  EXPECT_TRUE(only_finding().is_confirmed);
  EXPECT_EQ(only_finding().last_seen, at(400));
}

TEST_P(LifeCycle, NotApplicableResolves) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  judge(200, {verdict(State::kNotApplicable)});
  EXPECT_EQ(only_finding().state, FindingState::kResolved);
}

TEST_P(LifeCycle, AFailureThatListsOnlyAPartResolvesNothing) {
  judge(100, {verdict(State::kFail, {row("a", 1), row("b", 1)})});
  auto cut = verdict(State::kFail, {row("a", 1)});
  auto counted = *cut.result;
  counted.row_count = 5000;
  cut.result = std::make_shared<const checks::CheckResult>(counted);
  judge(200, {cut});
  for (const auto& [id, finding] : findings_) EXPECT_EQ(finding.state, FindingState::kOpen);
}

TEST_P(LifeCycle, AFailureWithRowsInDoubtResolvesNothing) {
  judge(100, {verdict(State::kFail, {row("a", 1), row("b", 1)})});
  auto doubtful = verdict(State::kFail, {row("a", 1)});
  doubtful.result = with_reason(doubtful, "one value is not determinable");
  judge(200, {doubtful});
  for (const auto& [id, finding] : findings_) EXPECT_EQ(finding.state, FindingState::kOpen);
}

TEST_P(LifeCycle, FrameworksThatAgreeShareOneFinding) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)}, {"idb-isp"}, 8),
              verdict(State::kFail, {row("minlen", 6)}, {"csma-plan"}, 12)});
  ASSERT_EQ(findings_.size(), 1U);
  EXPECT_EQ(only_finding().frameworks, (std::vector<std::string>{"csma-plan", "idb-isp"}));
  judge(200, {verdict(State::kPass, {}, {"idb-isp"}, 8),
              verdict(State::kFail, {row("minlen", 6)}, {"csma-plan"}, 12)});
  EXPECT_EQ(only_finding().state, FindingState::kOpen);
  EXPECT_EQ(only_finding().frameworks, std::vector<std::string>{"csma-plan"});
}

TEST_P(LifeCycle, TheRowIsThatOfTheVerdictWhichMostFrameworksShare) {
  const auto asks = [](std::int64_t required) {
    return checks::ResultRow{{{"setting", std::string("minlen")}, {"required", required}}};
  };
  judge(100, {verdict(State::kFail, {asks(8)}, {"iso-27002"}, 8),
              verdict(State::kFail, {asks(12)}, {"csma-plan", "idb-isp"}, 12)});
  ASSERT_EQ(findings_.size(), 1U);
  EXPECT_EQ(only_finding().row, R"({"setting":"minlen","required":12})");
  EXPECT_EQ(only_finding().frameworks.size(), 3U);
}

TEST_P(LifeCycle, ACheckThatIsNoLongerAskedEndsItsVerdictAndItsFindings) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  const auto change = judge(200, {});
  EXPECT_EQ(change.ended.size(), 1U);
  EXPECT_EQ(only_finding().state, FindingState::kResolved);
}

TEST_P(LifeCycle, AnotherReasonIsAnotherInterval) {
  auto first = verdict(State::kUnknown);
  first.result = with_reason(first, "permission_denied");
  judge(100, {first});
  auto second = verdict(State::kUnknown);
  second.result = with_reason(second, "timed_out");
  EXPECT_EQ(judge(200, {second}).begun.size(), 1U);
}

TEST_P(LifeCycle, ARuleThatChangedAndSaysTheSameBeginsAVerdictAndLeavesFindingsAlone) {
  judge(100, {verdict(State::kFail, {row("minlen", 6)})});
  const auto before = looked_at_;
  check_.digest = evidence::sha256("other words");
  const auto change = judge(200, {verdict(State::kFail, {row("minlen", 6)})});
  EXPECT_EQ(change.begun.size(), 1U);
  EXPECT_TRUE(change.findings.empty());
  EXPECT_TRUE(change.appeared.empty());
  EXPECT_EQ(looked_at_ - before, remembers_ ? 0 : 1);
  check_.severity = checks::Severity::kLow;
  check_.digest = evidence::sha256("another severity");
  judge(300, {verdict(State::kFail, {row("minlen", 6)})});
  EXPECT_EQ(only_finding().severity, checks::Severity::kLow);
}

TEST_P(LifeCycle, KeysTellNullFromTextAndBytesFromOtherBytes) {
  const auto id = [&](evidence::Value value) {
    return finding_id("host-1", check_.id, key_json(check_.key, {{{"setting", std::move(value)}}}));
  };
  EXPECT_NE(id(evidence::kNull), id(std::string("null")));
  EXPECT_NE(id(std::int64_t{1}), id(std::string("1")));
  EXPECT_NE(id(std::string("\xff")), id(std::string("\xfe")));
}

INSTANTIATE_TEST_SUITE_P(KnownFrom, LifeCycle, testing::Bool(),
                         [](const auto& one) { return one.param ? "Memory" : "Store"; });

}  // namespace
}  // namespace assay::collector
