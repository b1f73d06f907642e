// Every question as of an earlier moment, and what changed between two, in every engine.
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {

using checks::State;

void StoreHistory::live_a_life() {
  enroll("host-1");
  finding_ = finding_of("host-1", "X", "a", 99);
  EvaluationChange change;
  change.begun = {verdict("X", State::kFail)};
  change.findings = {finding_};
  ASSERT_TRUE(judge("host-1", 100, change));
  change.begun = {verdict("X", State::kPass)};
  change.findings[0].state = FindingState::kResolved;
  change.findings[0].resolved_at = at(200);
  ASSERT_TRUE(judge("host-1", 200, change));
  change.begun = {verdict("X", State::kFail)};
  change.findings[0].state = FindingState::kOpen;
  change.findings[0].resolved_at = std::nullopt;
  change.findings[0].reopened = 1;
  change.findings[0].opened_at = at(300);
  change.findings[0].row = "{\"row\":\"worse\"}";
  ASSERT_TRUE(judge("host-1", 300, change));
}

std::vector<Finding> StoreHistory::open_at(std::int64_t second) {
  FindingFilter filter;
  filter.as_of = at(second);
  return store().findings(filter, {})->items;
}

State StoreHistory::state_at(std::int64_t second) {
  VerdictFilter filter;
  filter.as_of = at(second);
  const auto page = store().verdicts(filter, {}).value();
  return page.items.empty() ? State::kStale : page.items[0].state;
}

TEST_P(StoreHistory, AFindingIsOpenAsOfTheTimesWhenItWas) {
  live_a_life();
  EXPECT_TRUE(open_at(99).empty());
  EXPECT_EQ(open_at(100).size(), 1U);
  EXPECT_EQ(open_at(199).at(0).state, FindingState::kOpen);
  EXPECT_TRUE(open_at(200).empty());
  EXPECT_EQ(open_at(300).size(), 1U);
}

TEST_P(StoreHistory, AFindingShowsTheRowOfThatTime) {
  live_a_life();
  EXPECT_EQ(open_at(150).at(0).row, finding_.row);
  EXPECT_EQ(open_at(350).at(0).row, "{\"row\":\"worse\"}");
  EXPECT_EQ(store().finding(finding_.id)->reopened, 1);
  EXPECT_EQ(store().finding(finding_.id)->opened_at, at(300));
  EXPECT_EQ(store().finding(finding_.id)->first_seen, at(99));
}

TEST_P(StoreHistory, AVerdictIsWhatItWas) {
  live_a_life();
  EXPECT_EQ(state_at(50), State::kStale);
  EXPECT_EQ(state_at(100), State::kFail);
  EXPECT_EQ(state_at(250), State::kPass);
  EXPECT_EQ(state_at(300), State::kFail);
}

TEST_P(StoreHistory, ListsFindingsThatDifferBetweenTwoMoments) {
  live_a_life();
  const auto resolved = store().finding_changes(at(150), at(250), {}).value();
  ASSERT_EQ(resolved.items.size(), 1U);
  EXPECT_TRUE(resolved.items[0].was_open);
  EXPECT_FALSE(resolved.items[0].is_open);
  // Resolved and reopened in between: nothing to tell.
  EXPECT_TRUE(store().finding_changes(at(150), at(350), {})->items.empty());
  EXPECT_FALSE(store().finding_changes(at(50), at(150), {})->items.at(0).was_open);
}

TEST_P(StoreHistory, ListsVerdictsThatDifferBetweenTwoMoments) {
  live_a_life();
  const auto fixed = store().verdict_changes(at(150), at(250), {}).value();
  ASSERT_EQ(fixed.items.size(), 1U);
  EXPECT_EQ(fixed.items[0].before->state, State::kFail);
  EXPECT_EQ(fixed.items[0].after->state, State::kPass);
  EXPECT_TRUE(store().verdict_changes(at(150), at(350), {})->items.empty());
  const auto fresh = store().verdict_changes(at(50), at(150), {}).value();
  EXPECT_FALSE(fresh.items.at(0).before.has_value());
}

TEST_P(StoreHistory, PagesThroughChanges) {
  enroll("host-1");
  EvaluationChange change;
  for (const auto* check : {"A", "B", "C"}) {
    change.begun.push_back(verdict(check, State::kFail));
    change.findings.push_back(finding_of("host-1", check, "k", 99));
  }
  ASSERT_TRUE(judge("host-1", 100, change));
  const auto findings = store().finding_changes(at(0), at(100), {"", 2}).value();
  EXPECT_EQ(store().finding_changes(at(0), at(100), {findings.next, 2})->items.size(), 1U);
  const auto verdicts = store().verdict_changes(at(0), at(100), {"", 2}).value();
  EXPECT_EQ(store().verdict_changes(at(0), at(100), {verdicts.next, 2})->items.size(), 1U);
}

TEST_P(StoreHistory, RefusesAPeriodThatEndsBeforeItBegins) {
  EXPECT_EQ(code_of(store().finding_changes(at(2), at(1), {})), "usage");
}

TEST_P(StoreHistory, TheIntervalsOfAPeriodIncludeThoseThatReachIntoIt) {
  live_a_life();
  const auto states = [this](std::int64_t from) {
    std::string out;
    PageRequest page{"", 1};
    do {
      const auto some = store().verdicts_since("host-1", at(from), page).value();
      for (const auto& interval : some.items) out += checks::name_of(interval.state).front();
      page.cursor = some.next;
    } while (!page.cursor.empty());
    return out;
  };
  EXPECT_EQ(states(0), "fpf");
  EXPECT_EQ(states(199), "fpf");
  EXPECT_EQ(states(200), "pf");
  EXPECT_EQ(states(1000), "f");
  EXPECT_TRUE(store().verdicts_since("host-2", at(0), {})->items.empty());
}

TEST_P(StoreHistory, SnapshotsAreToldByWhenTheyWereAccepted) {
  enroll("host-1");
  enroll("host-2");
  const auto first = accept(snapshot_of("host-1", 1));
  accept(snapshot_of("host-1", 2, {}, first.digest));
  accept(snapshot_of("host-2", 1));
  EXPECT_EQ(store().accepted_since("host-1", at(0)).value(),
            (std::vector<evidence::Seconds>{at(101), at(102)}));
  EXPECT_EQ(store().accepted_since("host-1", at(102))->size(), 1U);
  EXPECT_TRUE(store().accepted_since("host-1", at(103))->empty());
}

}  // namespace assay::collector
