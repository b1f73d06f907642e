// Verdicts and findings that began together and may be kept together: each is still told, ended and
// removed by itself, in every engine.
#include <algorithm>
#include <map>

#include "collector/store/posture_groups.h"
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {

using checks::Severity;
using checks::State;

namespace {

EvaluationChange verdicts_of_a_family(const std::string& host_id) {
  EvaluationChange change;
  change.begun = {verdict("PWD-C", State::kPass, {"cns"}), verdict("PWD-A", State::kFail),
                  verdict("PWD-B", State::kPass), verdict("SSH-A", State::kPass)};
  for (auto& interval : change.begun) interval.host_id = host_id;
  return change;
}

EvaluationChange findings_at_once(const std::string& host_id, std::int64_t seen) {
  EvaluationChange change;
  for (const auto* key : {"c", "a", "b"})
    change.appeared.push_back(finding_of(host_id, "X", key, seen));
  change.appeared.push_back(finding_of(host_id, "Y", "d", seen));
  change.appeared.back().severity = Severity::kCritical;
  return change;
}

// The same, as who has it for many hosts says it.
EvaluationChange as_groups(const EvaluationChange& change) {
  EvaluationChange out;
  std::map<std::string, std::vector<VerdictInterval>> families;
  for (const auto& interval : change.begun)
    families[std::string(family_of(interval.check_id))].push_back(interval);
  for (auto& [family, verdicts] : families)
    out.begun_groups.push_back(verdict_group(family, verdicts));
  std::map<std::string, std::vector<Finding>> checks;
  for (const auto& finding : change.appeared) checks[finding.check_id].push_back(finding);
  for (auto& [check, findings] : checks) {
    std::ranges::sort(findings, {}, &Finding::key);
    AppearedGroup group;
    std::vector<FindingGroup::Member> members;
    for (const auto& finding : findings) {
      members.push_back({finding.key, finding.row, finding.frameworks});
      group.ids.push_back(finding.id);
    }
    group.group = finding_group(check, findings[0].severity, std::move(members));
    out.appeared_groups.push_back(std::move(group));
  }
  return out;
}

Finding with_row(Finding finding, const std::string& row) {
  finding.row = row;
  return finding;
}

Finding resolved(Finding finding, std::int64_t when) {
  finding.state = FindingState::kResolved;
  finding.resolved_at = at(when);
  return finding;
}

}  // namespace

TEST_P(StoreConformance, VerdictsThatBeganTogetherAreToldOneByOne) {
  for (const auto* host : {"host-2", "host-1"}) {
    enroll(host);
    ASSERT_TRUE(judge(host, 100, verdicts_of_a_family(host)));
  }
  reopen();
  std::vector<std::string> seen;
  PageRequest page{"", 3};
  do {
    const auto some = store().verdicts({}, page).value();
    for (const auto& one : some.items) seen.push_back(one.host_id + " " + one.check_id);
    page.cursor = some.next;
  } while (!page.cursor.empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"host-1 PWD-A", "host-1 PWD-B", "host-1 PWD-C",
                                            "host-1 SSH-A", "host-2 PWD-A", "host-2 PWD-B",
                                            "host-2 PWD-C", "host-2 SSH-A"}));
  VerdictFilter filter;
  filter.check_id = "PWD-C";
  filter.framework = "cns";
  filter.as_of = at(100);
  ASSERT_EQ(store().verdicts(filter, {})->items.size(), 2U);
  const auto one = store().verdicts(filter, {})->items[0];
  EXPECT_EQ(one.key, verdict("PWD-C", State::kPass).key);
  EXPECT_EQ(one.since, at(100));
  EXPECT_FALSE(one.until);
  filter.as_of = at(99);
  EXPECT_TRUE(store().verdicts(filter, {})->items.empty());
}

TEST_P(StoreConformance, OneOfThoseThatBeganTogetherEndsByItself) {
  for (const auto* host : {"host-1", "host-2"}) {
    enroll(host);
    ASSERT_TRUE(judge(host, 100, verdicts_of_a_family(host)));
  }
  EvaluationChange change;
  change.begun = {verdict("PWD-B", State::kFail)};
  change.ended = {{"SSH-A", "{}"}};
  ASSERT_TRUE(judge("host-1", 200, change));
  const auto past = store().history("host-1", "PWD-B", {})->items;
  ASSERT_EQ(past.size(), 2U);
  EXPECT_EQ(past[0].since, at(200));
  EXPECT_EQ(past[1].since, at(100));
  EXPECT_EQ(past[1].until, at(200));
  EXPECT_EQ(store().history("host-1", "PWD-A", {})->items.at(0).since, at(100));
  EXPECT_FALSE(store().history("host-1", "PWD-A", {})->items.at(0).until);
  EXPECT_EQ(store().history("host-2", "PWD-B", {})->items.size(), 1U);
  EXPECT_EQ(store().verdicts_since("host-1", at(150), {})->items.size(), 5U);
  EXPECT_EQ(store().verdicts_since("host-1", at(250), {})->items.size(), 3U);
  const auto changes = store().verdict_changes(at(150), at(250), {})->items;
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].check_id, "PWD-B");
  EXPECT_EQ(changes[0].before->state, State::kPass);
  EXPECT_EQ(changes[0].after->state, State::kFail);
  EXPECT_FALSE(changes[1].after);
}

TEST_P(StoreConformance, AllThatBeganTogetherMayEndTogether) {
  enroll("host-1");
  ASSERT_TRUE(judge("host-1", 100, verdicts_of_a_family("host-1")));
  EvaluationChange change;
  change.begun = {verdict("PWD-A", State::kPass), verdict("PWD-B", State::kPass),
                  verdict("PWD-C", State::kPass, {"cns"})};
  for (auto& interval : change.begun) interval.check_digest = evidence::sha256("another rule");
  ASSERT_TRUE(judge("host-1", 200, change));
  VerdictFilter then;
  then.as_of = at(150);
  EXPECT_EQ(store().verdicts(then, {})->items.at(0).until, at(200));
  EXPECT_EQ(store().verdicts(then, {})->items.size(), 4U);
  EXPECT_EQ(store().verdicts({}, {})->items.size(), 4U);
  EXPECT_EQ(store().verdicts({}, {})->items.at(0).state, State::kPass);
  EXPECT_EQ(store().verdict_changes(at(150), at(250), {})->items.size(), 1U);
  EXPECT_EQ(store().history("host-1", "PWD-C", {})->items.size(), 2U);
}

TEST_P(StoreConformance, FindingsThatAppearedTogetherAreToldOneByOne) {
  for (const auto* host : {"host-2", "host-1"}) {
    enroll(host);
    ASSERT_TRUE(judge(host, 100, findings_at_once(host, 99)));
  }
  reopen();
  std::vector<Finding> seen;
  PageRequest page{"", 3};
  do {
    const auto some = store().findings({}, page).value();
    seen.insert(seen.end(), some.items.begin(), some.items.end());
    page.cursor = some.next;
  } while (!page.cursor.empty());
  ASSERT_EQ(seen.size(), 8U);
  EXPECT_EQ(seen[0].check_id, "Y");
  EXPECT_EQ(seen[1].host_id, "host-2");
  EXPECT_TRUE(std::ranges::is_sorted(seen.begin() + 2, seen.begin() + 5, {}, &Finding::id));
  for (const auto& wanted : findings_at_once("host-2", 99).appeared) {
    const auto found = store().finding(wanted.id);
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->host_id, "host-2");
    EXPECT_EQ(found->key, wanted.key);
    EXPECT_EQ(found->row, wanted.row);
    EXPECT_EQ(found->frameworks, wanted.frameworks);
    EXPECT_EQ(found->first_seen, at(99));
    EXPECT_EQ(found->opened_at, at(99));
    EXPECT_EQ(found->state, FindingState::kOpen);
    EXPECT_EQ(code_of(store().resolved_finding("host-2", wanted.id)), "not_found");
  }
  EXPECT_EQ(code_of(store().finding(evidence::sha256("none"))), "not_found");
  EXPECT_EQ(store().open_findings("host-1")->at(Severity::kCritical), 1);
  EXPECT_EQ(store().open_findings("").value().size(), 2U);
  FindingFilter filter;
  filter.as_of = at(99);
  EXPECT_TRUE(store().findings(filter, {})->items.empty());
  filter.as_of = at(100);
  EXPECT_EQ(store().findings(filter, {})->items.size(), 8U);
  filter.check_id = "X";
  filter.host_id = "host-1";
  EXPECT_EQ(store().findings(filter, {})->items.size(), 3U);
  EXPECT_EQ(store().finding_changes(at(50), at(150), {"", 5})->items.size(), 5U);
  EXPECT_TRUE(store().finding_changes(at(100), at(150), {})->items.empty());
}

TEST_P(StoreConformance, OneOfThoseThatAppearedTogetherChangesByItself) {
  enroll("host-1");
  const auto first = findings_at_once("host-1", 99);
  ASSERT_TRUE(judge("host-1", 100, first));
  EvaluationChange change;
  change.findings = {with_row(first.appeared[0], "{\"row\":\"worse\"}"),
                     resolved(first.appeared[1], 200), resolved(first.appeared[3], 200)};
  ASSERT_TRUE(judge("host-1", 200, change));
  FindingFilter then;
  then.as_of = at(150);
  const auto before = store().findings(then, {}).value();
  ASSERT_EQ(before.items.size(), 4U);
  for (const auto& finding : before.items) EXPECT_NE(finding.row, "{\"row\":\"worse\"}");
  then.as_of = at(250);
  EXPECT_EQ(store().findings(then, {})->items.size(), 2U);
  EXPECT_EQ(store().findings({}, {})->items.size(), 4U);
  EXPECT_EQ(store().finding(first.appeared[0].id)->row, "{\"row\":\"worse\"}");
  EXPECT_EQ(store().finding(first.appeared[2].id)->row, first.appeared[2].row);
  EXPECT_EQ(store().resolved_finding("host-1", first.appeared[3].id)->resolved_at, at(200));
  EXPECT_EQ(store().open_findings("host-1")->size(), 1U);
  const auto changes = store().finding_changes(at(150), at(250), {})->items;
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_TRUE(changes[0].was_open && !changes[0].is_open);
  EXPECT_EQ(complaints(store()), "");
}

TEST_P(StoreConformance, OfWhatBeganTogetherEachGoesWithItsFrameworks) {
  for (const auto* host : {"host-1", "host-2"}) {
    enroll(host);
    auto change = verdicts_of_a_family(host);
    change.appeared = findings_at_once(host, 99).appeared;
    for (const auto& interval : change.begun) change.results.emplace_back(interval.key, "{}");
    ASSERT_TRUE(judge(host, 100, change));
  }
  EvaluationChange gone;
  gone.ended = {{"PWD-A", "{}"}, {"PWD-B", "{}"}, {"PWD-C", "{}"}};
  ASSERT_TRUE(judge("host-1", 200, gone));
  EXPECT_TRUE(store().unused_results(10)->empty());
  const std::vector<std::string> isp{"idb-isp"};
  const std::vector<std::string> cns{"cns"};
  EXPECT_EQ(store().history_before(isp, at(200))->verdicts, 0);
  EXPECT_EQ(store().history_before(isp, at(201))->verdicts, 2);
  EXPECT_EQ(store().history_before(cns, at(201))->verdicts, 1);
  const auto removal = store().begin_removal(at(1000), at(201)).value();
  EXPECT_EQ(store().remove_history(removal, isp, at(201), 100)->verdicts, 2);
  EXPECT_EQ(store().remove_history(removal, isp, at(201), 100)->verdicts, 0);
  EXPECT_TRUE(store().history("host-1", "PWD-A", {})->items.empty());
  EXPECT_EQ(store().history("host-1", "PWD-C", {})->items.size(), 1U);
  EXPECT_EQ(store().history("host-2", "PWD-A", {})->items.size(), 1U);
  EXPECT_EQ(store().remove_history(removal, cns, at(201), 100)->verdicts, 1);
  EXPECT_TRUE(store().history("host-1", "PWD-C", {})->items.empty());
  // What stands goes with a host that was sent away, and with the last that names a result, that.
  ASSERT_TRUE(store().revoke_host("host-2", at(300)));
  EXPECT_EQ(store().history_before(isp, at(301))->findings, 4);
  for (const auto& frameworks : {isp, cns})
    for (;;) {
      const auto removed = store().remove_history(removal, frameworks, at(301), 2).value();
      if (removed.verdicts == 0 && removed.findings == 0) break;
    }
  EXPECT_TRUE(store().history("host-2", "PWD-A", {})->items.empty());
  EXPECT_EQ(store().findings({}, {})->items.size(), 4U);
  EXPECT_EQ(store().unused_results(10)->size(), 3U);
  EXPECT_EQ(store().removals({})->items.at(0).history.findings, 4);
}

TEST_P(StoreConformance, WhatIsSaidForManyHostsIsWhatIsSaidForEach) {
  for (const auto* host : {"host-1", "host-2", "host-3"}) enroll(host);
  const auto all_of = [](const std::string& host) {
    auto change = verdicts_of_a_family(host);
    change.appeared = findings_at_once(host, 99).appeared;
    return change;
  };
  ASSERT_TRUE(judge("host-1", 100, all_of("host-1")));
  ASSERT_TRUE(judge("host-2", 100, as_groups(all_of("host-2"))));
  ASSERT_TRUE(judge("host-3", 100, as_groups(all_of("host-3"))));
  reopen();
  const auto verdicts_of = [&](const std::string& host) {
    VerdictFilter filter;
    filter.host_id = host;
    std::vector<std::string> said;
    const auto in_force = store().verdicts(filter, {}).value();
    for (const auto& one : in_force.items)
      said.push_back(one.check_id + one.parameters + std::string(name_of(one.state)) +
                     one.key.hex() + one.check_digest.hex() +
                     std::to_string(one.since.time_since_epoch().count()));
    return said;
  };
  EXPECT_EQ(verdicts_of("host-2"), verdicts_of("host-1"));
  EXPECT_EQ(verdicts_of("host-3"), verdicts_of("host-1"));
  EXPECT_EQ(verdicts_of("host-1").size(), 4U);
  for (const auto* host : {"host-1", "host-2", "host-3"})
    for (const auto all = findings_at_once(host, 99).appeared; const auto& wanted : all) {
      const auto found = store().finding(wanted.id);
      ASSERT_TRUE(found) << host << found.error().message();
      EXPECT_EQ(found->host_id, host);
      EXPECT_EQ(found->severity, wanted.severity);
      EXPECT_EQ(found->key, wanted.key);
      EXPECT_EQ(found->row, wanted.row);
      EXPECT_EQ(found->frameworks, wanted.frameworks);
      EXPECT_EQ(found->first_seen, at(99));
    }
  EXPECT_EQ(complaints(store()), "");
}

// What was stored once is not taken for there after it was removed, by whichever collector.
TEST_P(StoreConformance, WhatWasRemovedIsKeptAnewWhenItBeginsAgain) {
  enroll("host-1");
  enroll("host-2");
  auto change = verdicts_of_a_family("host-1");
  change.appeared = findings_at_once("host-1", 99).appeared;
  const auto groups = as_groups(change);
  ASSERT_TRUE(judge("host-1", 100, groups));
  ASSERT_TRUE(store().revoke_host("host-1", at(200)));
  const auto removal = store().begin_removal(at(1000), at(300)).value();
  for (const std::vector<std::string>& frameworks :
       {std::vector<std::string>{"idb-isp"}, std::vector<std::string>{"cns"}})
    ASSERT_TRUE(store().remove_history(removal, frameworks, at(300), 100));
  EXPECT_TRUE(store().verdicts({}, {})->items.empty());
  change.appeared = findings_at_once("host-2", 1099).appeared;
  ASSERT_TRUE(judge("host-2", 1100, as_groups(change)));
  EXPECT_EQ(store().verdicts({}, {})->items.size(), 4U);
  EXPECT_EQ(store().findings({}, {})->items.size(), 4U);
  EXPECT_EQ(store().standing("host-2")->size(), 2U);
  EXPECT_EQ(complaints(store()), "");
}

TEST_P(StoreConformance, TellsWhatIsToBeJudgedInOneAnswer) {
  enroll("host-1");
  enroll("host-2");
  const auto receipt = accept(snapshot_of("host-1", 1));
  EvaluationChange change;
  change.mark.snapshot = receipt.digest;
  change.mark.content = evidence::sha256("content");
  change.os = "Debian GNU/Linux 12";
  ASSERT_TRUE(judge("host-1", 100, change));
  const std::vector<std::string> asked{"host-2", "none", "host-1"};
  const auto hosts = store().to_judge(asked).value();
  ASSERT_EQ(hosts.size(), 3U);
  ASSERT_TRUE(hosts[0]);
  EXPECT_EQ(hosts[0]->mark.host_id, "host-2");
  EXPECT_EQ(hosts[0]->mark.revision, 0);
  EXPECT_FALSE(hosts[0]->last_snapshot);
  EXPECT_FALSE(hosts[1]);
  ASSERT_TRUE(hosts[2]);
  EXPECT_EQ(hosts[2]->mark.revision, 1);
  EXPECT_EQ(hosts[2]->mark.content, change.mark.content);
  EXPECT_EQ(hosts[2]->last_snapshot, receipt.digest);
  EXPECT_EQ(hosts[2]->os, "Debian GNU/Linux 12");
  EXPECT_EQ(store().host("host-1")->os, "Debian GNU/Linux 12");
  EXPECT_EQ(hosts[2]->register_tables.number, 0);
}

}  // namespace assay::collector
