// Verdicts and findings as they are now, in every engine.
#include <algorithm>

#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {

using checks::Severity;
using checks::State;

TEST_P(StoreConformance, CachesAResultUnderItsKey) {
  enroll("host-1");
  EvaluationChange change;
  change.results = {{evidence::sha256("k"), "{\"state\":\"pass\"}"}};
  ASSERT_TRUE(judge("host-1", 100, change));
  reopen();
  EXPECT_EQ(store().result(evidence::sha256("k")).value(), "{\"state\":\"pass\"}");
  EXPECT_EQ(code_of(store().result(evidence::sha256("other"))), "not_found");
}

TEST_P(StoreConformance, ManyResultsAreAnsweredInTheOrderOfTheirKeys) {
  enroll("host-1");
  EvaluationChange change;
  change.results = {{evidence::sha256("a"), R"({"state":"pass"})"},
                    {evidence::sha256("b"), R"({"state":"fail"})"}};
  ASSERT_TRUE(judge("host-1", 100, change));
  const std::vector<evidence::Digest> keys{evidence::sha256("b"), evidence::sha256("none"),
                                           evidence::sha256("a"), evidence::sha256("b")};
  const auto found = store().results(keys);
  ASSERT_TRUE(found) << found.error().message();
  ASSERT_EQ(found->size(), keys.size());
  EXPECT_EQ((*found)[0], R"({"state":"fail"})");
  EXPECT_EQ((*found)[1], std::nullopt);
  EXPECT_EQ((*found)[2], R"({"state":"pass"})");
  EXPECT_EQ((*found)[3], R"({"state":"fail"})");
  EXPECT_TRUE(store().results({})->empty());
}

TEST_P(StoreConformance, AHostIsDueUntilItsLatestSnapshotIsJudgedByThisContentOnThisDay) {
  enroll("host-1");
  const auto content = evidence::sha256("content");
  const auto due = [&](const char* day) { return store().due(content, day, "", 10)->size(); };
  EXPECT_EQ(due("2026-11-21"), 0U);  // nothing to judge yet
  const auto snapshot = accept(snapshot_of("host-1", 1));
  EXPECT_EQ(due("2026-11-21"), 1U);
  EvaluationChange change;
  change.mark.content = content;
  change.mark.snapshot = snapshot.digest;
  ASSERT_TRUE(judge("host-1", 100, change));
  EXPECT_EQ(due("2026-11-21"), 0U);
  EXPECT_EQ(due("2026-11-22"), 1U);
  EXPECT_EQ(store().due(evidence::sha256("new"), "2026-11-21", "", 10)->size(), 1U);
  EXPECT_TRUE(store().due(evidence::sha256("new"), "2026-11-21", "host-1", 10)->empty());
}

TEST_P(StoreConformance, WhoClaimsAHostMayClaimItAgain) {
  const std::vector<std::string> hosts{"host-1", "host-2"};
  for (int i = 0; i < 2; ++i) {
    auto mine = store().claim(hosts, "one", at(100), at(160));
    ASSERT_TRUE(mine) << mine.error().message();
    std::ranges::sort(*mine);
    EXPECT_EQ(*mine, hosts);
  }
  EXPECT_TRUE(store().claim({}, "one", at(100), at(160)).value().empty());
}

TEST_P(StoreConformance, OfEvaluationsTogetherOnlyThatOfAnOvertakenHostIsLeftOut) {
  std::vector<EvaluationChange> changes;
  for (const auto* host : {"host-3", "host-1", "host-2"}) {
    enroll(host);
    auto& change = changes.emplace_back();
    change.mark.host_id = host;
    change.mark.day = "2026-11-21";
    change.begun = {verdict("PWD-A", State::kFail)};
    change.begun[0].host_id = host;
    change.results = {{change.begun[0].key, R"({"state":"fail"})"}};
  }
  ASSERT_TRUE(judge("host-1", 100, {}));
  const auto answers = store().commit_evaluations(changes);
  ASSERT_TRUE(answers) << answers.error().message();
  EXPECT_TRUE((*answers)[0]);
  EXPECT_EQ(code_of((*answers)[1]), "conflict");
  EXPECT_TRUE((*answers)[2]);
  const auto verdicts = store().verdicts({}, {})->items;
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].host_id, "host-2");
  EXPECT_EQ(verdicts[1].host_id, "host-3");
  EXPECT_TRUE(store().result(verdicts[0].key));
  EXPECT_TRUE(store().commit_evaluations({})->empty());
  changes[1].mark.host_id = "host-2";
  EXPECT_FALSE(store().commit_evaluations(changes));  // one host twice
}

TEST_P(StoreConformance, OfTwoEvaluationsAtOnceOnlyOneIsWritten) {
  enroll("host-1");
  EvaluationChange change;
  change.mark.host_id = "host-1";
  change.mark.day = "2026-11-21";
  ASSERT_TRUE(store().commit_evaluation(change));
  change.begun = {verdict("PWD-A", State::kFail)};
  EXPECT_EQ(code_of(store().commit_evaluation(change)), "conflict");
  EXPECT_TRUE(store().verdicts({}, {})->items.empty());
  EXPECT_EQ(store().mark("host-1")->revision, 1);
}

TEST_P(StoreConformance, ANewVerdictEndsTheOneBefore) {
  enroll("host-1");
  EvaluationChange change;
  change.begun = {verdict("PWD-A", State::kFail)};
  ASSERT_TRUE(judge("host-1", 100, change));
  change.begun = {verdict("PWD-A", State::kPass)};
  ASSERT_TRUE(judge("host-1", 200, change));
  const auto now = store().verdicts({}, {});
  ASSERT_TRUE(now && now->items.size() == 1);
  EXPECT_EQ(now->items[0].state, State::kPass);
  EXPECT_EQ(now->items[0].since, at(200));
  const auto history = store().history("host-1", "PWD-A", {}).value();
  ASSERT_EQ(history.items.size(), 2U);
  EXPECT_EQ(history.items[1].until, at(200));
}

TEST_P(StoreConformance, AVerdictThatIsNoLongerGivenEnds) {
  enroll("host-1");
  EvaluationChange change;
  change.begun = {verdict("PWD-A", State::kFail)};
  ASSERT_TRUE(judge("host-1", 100, change));
  change.begun.clear();
  change.ended = {{"PWD-A", "{}"}};
  ASSERT_TRUE(judge("host-1", 200, change));
  EXPECT_TRUE(store().verdicts({}, {})->items.empty());
}

TEST_P(StoreConformance, FiltersVerdicts) {
  enroll("host-1");
  EvaluationChange change;
  change.begun = {verdict("A", State::kFail, {"cns", "idb-isp"}),
                  verdict("B", State::kPass, {"cns-2"}), verdict("C", State::kFail, {})};
  ASSERT_TRUE(judge("host-1", 100, change));
  const auto count = [&](const VerdictFilter& filter) {
    return store().verdicts(filter, {})->items.size();
  };
  EXPECT_EQ(count({"", "", "cns", {}, {}}), 1U);
  EXPECT_EQ(count({"", "", "", State::kFail, {}}), 2U);
  EXPECT_EQ(count({"host-1", "B", "", {}, {}}), 1U);
  EXPECT_EQ(count({"host-2", "", "", {}, {}}), 0U);
  const auto first = store().verdicts({}, {"", 2}).value();
  EXPECT_EQ(store().verdicts({}, {first.next, 2})->items.at(0).check_id, "C");
}

TEST_P(StoreConformance, ListsFindingsWorstFirstInPages) {
  enroll("host-1");
  EvaluationChange change;
  for (const auto* key : {"a", "b", "c"})
    change.findings.push_back(finding_of("host-1", "X", key, 100));
  change.findings[1].severity = Severity::kCritical;
  change.findings[2].severity = Severity::kLow;
  ASSERT_TRUE(judge("host-1", 100, change));
  const auto first = store().findings({}, {"", 2}).value();
  ASSERT_EQ(first.items.size(), 2U);
  EXPECT_EQ(first.items[0].id, change.findings[1].id);
  EXPECT_EQ(first.items[0].host_name, "name of host-1");
  const auto second = store().findings({}, {first.next, 2}).value();
  EXPECT_EQ(second.items.at(0).id, change.findings[2].id);
  EXPECT_EQ(second.next, "");
}

TEST_P(StoreConformance, FiltersFindings) {
  enroll("host-1");
  EvaluationChange change;
  change.findings = {finding_of("host-1", "X", "a", 100), finding_of("host-1", "Y", "b", 100)};
  change.findings[1].severity = Severity::kHigh;
  change.findings[1].state = FindingState::kResolved;
  ASSERT_TRUE(judge("host-1", 100, change));
  const auto count = [&](const FindingFilter& filter) {
    return store().findings(filter, {})->items.size();
  };
  EXPECT_EQ(count({}), 2U);
  EXPECT_EQ(count({"", "X", "", {}, {}, {}}), 1U);
  EXPECT_EQ(count({"", "", "idb", {}, {}, {}}), 0U);
  EXPECT_EQ(count({"", "", "idb-isp", Severity::kHigh, {}, {}}), 1U);
  EXPECT_EQ(count({"", "", "", {}, FindingState::kOpen, {}}), 1U);
  EXPECT_EQ(store().open_findings("")->at(Severity::kMedium), 1);
}

TEST_P(StoreConformance, AnOpenFindingIsSeenAgainWithoutBeingWritten) {
  enroll("host-1");
  EvaluationChange change;
  change.findings = {finding_of("host-1", "X", "a", 99)};
  ASSERT_TRUE(judge("host-1", 100, change));
  ASSERT_TRUE(judge("host-1", 300, {}));
  const auto finding = store().finding(change.findings[0].id).value();
  EXPECT_EQ(finding.first_seen, at(99));
  EXPECT_EQ(finding.last_seen, at(299));
  EXPECT_EQ(finding.snapshot, evidence::sha256("snapshot at 300"));
}

TEST_P(StoreConformance, AnUnconfirmedFindingKeepsItsLastSighting) {
  enroll("host-1");
  EvaluationChange change;
  change.findings = {finding_of("host-1", "X", "a", 99)};
  change.findings[0].is_confirmed = false;
  ASSERT_TRUE(judge("host-1", 100, change));
  ASSERT_TRUE(judge("host-1", 300, {}));
  EXPECT_EQ(store().finding(change.findings[0].id)->last_seen, at(99));
}

}  // namespace assay::collector
