// What may be removed, what stays of it, and that nothing else goes, in every engine.
#include "evidence/compress.h"
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {
namespace {

using checks::State;

std::string content_of(std::int64_t number) {
  return "content " + std::to_string(number);
}

}  // namespace

evidence::Seconds StoreRetention::day(std::int64_t number) {
  return at(number * 86'400);
}

std::vector<std::int64_t> StoreRetention::sequences(const std::vector<SnapshotPlace>& places) {
  std::vector<std::int64_t> numbers;
  for (const auto& place : places) numbers.push_back(place.sequence);
  return numbers;
}

NewSnapshot StoreRetention::nth(std::int64_t sequence, std::int64_t on) const {
  const std::vector<StoredTable> tables{table_with("mounts", content_of(sequence)),
                                        table_with("users", "the same always")};
  auto snapshot = snapshot_of("host-1", sequence, tables, last_);
  snapshot.now = day(on);
  return snapshot;
}

void StoreRetention::scan(std::int64_t sequence, std::int64_t on) {
  const auto snapshot = nth(sequence, on);
  accept(snapshot,
         {table_with("users", "the same always"), table_with("mounts", content_of(sequence))});
  kept_.push_back(snapshot);
  last_ = snapshot.digest;
}

void StoreRetention::live() {
  enroll("host-1");
  std::int64_t sequence = 0;
  for (const std::int64_t on : {100, 200, 300, 400}) scan(++sequence, on);
  log_some(4);
}

Removal StoreRetention::begin(std::int64_t horizon) {
  return store().begin_removal(day(1000), day(horizon)).value();
}

TEST_P(StoreRetention, WhatWasInForceWithinTheTimeIsKept) {
  live();
  EXPECT_TRUE(store().removable_snapshots(day(200), {})->items.empty());
  // The third was in force until the fourth came, behind the horizon.
  EXPECT_EQ(sequences(store().removable_snapshots(day(350), {})->items),
            (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(store().kept_before(day(350), {})->items.at(0).sequence, 3);
  // And the last one for ever.
  EXPECT_EQ(sequences(store().removable_snapshots(day(9000), {})->items),
            (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(store().kept_before(day(9000), {})->items.at(0).sequence, 4);
}

TEST_P(StoreRetention, IsPagedInTheOrderOfAcceptance) {
  live();
  const auto first = store().removable_snapshots(day(9000), {{}, 2}).value();
  EXPECT_EQ(sequences(first.items), (std::vector<std::int64_t>{1, 2}));
  const auto second = store().removable_snapshots(day(9000), {first.next, 2}).value();
  EXPECT_EQ(sequences(second.items), (std::vector<std::int64_t>{3}));
  EXPECT_EQ(second.next, "");
}

TEST_P(StoreRetention, OfAHostThatWasSentAwayAllGoesWhenItsTimeIsOver) {
  live();
  ASSERT_TRUE(store().revoke_host("host-1", day(500)));
  EXPECT_EQ(store().removable_snapshots(day(500), {})->items.size(), 3U);
  EXPECT_EQ(store().removable_snapshots(day(501), {})->items.size(), 4U);
  EXPECT_TRUE(store().kept_before(day(501), {})->items.empty());
}

TEST_P(StoreRetention, NothingGoesThatIsNotInTheLedger) {
  enroll("host-1");
  scan(1, 100);
  scan(2, 200);
  scan(3, 300);
  log_some(1);
  EXPECT_EQ(sequences(store().removable_snapshots(day(9000), {})->items),
            (std::vector<std::int64_t>{1}));
  const auto removal = begin(900);
  EXPECT_EQ(
      store().remove_snapshots(removal, std::vector{SnapshotPlace{"host-1", 2, day(200)}}).value(),
      0);
  EXPECT_FALSE(store().snapshot(kept_[1].digest)->removed_at);
}

TEST_P(StoreRetention, ItsPlaceStaysAndNothingComesTwice) {
  live();
  const auto removal = begin(350);
  // Those that may not go are passed over, whoever asks.
  const std::vector<SnapshotPlace> places{{"host-1", 1, day(100)},
                                          {"host-1", 2, day(200)},
                                          {"host-1", 3, day(300)},
                                          {"host-1", 4, day(400)},
                                          {"host-2", 1, day(100)}};
  EXPECT_EQ(store().remove_snapshots(removal, places).value(), 2);
  EXPECT_EQ(store().remove_snapshots(removal, places).value(), 0);
  reopen();
  const auto gone = store().snapshot(kept_[0].digest).value();
  EXPECT_EQ(gone.removed_at, day(1000));
  EXPECT_EQ(gone.manifest_frame, "");
  EXPECT_EQ(gone.signature, "");
  EXPECT_EQ(gone.accepted_at, day(100));
  EXPECT_EQ(code_of(Result<int>(fail(check_whole(gone).error()))), "not_found");
  const auto all = store().snapshots("host-1", {})->items;
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].manifest_frame, kept_[3].manifest_frame);
  EXPECT_EQ(all[1].signature, kept_[2].signature);
  EXPECT_FALSE(all[1].removed_at);
  EXPECT_EQ(store().snapshot_at("host-1", day(250))->removed_at, day(1000));
  EXPECT_EQ(store().ledger_index(gone.digest).value(), 0);
  EXPECT_TRUE(store().self_check()->empty());
  // The same again, and another with its number.
  const auto again = store().commit_snapshot(
      kept_[0],
      std::vector{table_with("users", "the same always"), table_with("mounts", content_of(1))});
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->is_new);
  EXPECT_EQ(again->accepted_at, day(100));
  auto other = snapshot_of("host-1", 1);
  other.now = day(1001);
  EXPECT_EQ(code_of(store().commit_snapshot(other, {})), "conflict");
  EXPECT_EQ(store().unsequenced(10)->size(), kActsOfEnrolling);
  scan(5, 1002);
  EXPECT_EQ(store().unsequenced(10)->size(), 1U + kActsOfEnrolling);
}

TEST_P(StoreRetention, UsesOfATableAreNotedNowAndThen) {
  const auto used = [&](const StoredTable& table) {
    const auto all = store().stored_tables({}).value();
    for (const auto& facts : all.items)
      if (facts.digest == table.facts.digest) return facts.used_at;
    return std::optional<evidence::Seconds>();
  };
  enroll("host-1");
  const auto users = table_with("users", "the same always");
  scan(1, 100);
  EXPECT_EQ(used(users), day(100));
  scan(2, 120);
  EXPECT_EQ(used(users), day(100)) << "not for each";
  scan(3, 131);
  EXPECT_EQ(used(users), day(131));
  EXPECT_EQ(used(table_with("mounts", content_of(1))), day(100));
  scan(4, 120);
  EXPECT_EQ(used(users), day(131)) << "a clock that was set back";
  reopen();
  scan(5, 162);
  EXPECT_EQ(used(users), day(162));
  ASSERT_TRUE(store().put_tables(std::vector{users}, day(163)));
  EXPECT_EQ(used(users), day(163));
}

TEST_P(StoreRetention, TablesGoThatNobodyUsedSince) {
  live();
  const auto users = table_with("users", "the same always");
  const auto old = table_with("mounts", content_of(1));
  const auto removal = begin(350);
  const auto unused = store().tables_unused_since(day(250), {})->items;
  EXPECT_EQ(unused.size(), 2U);
  // The one that is in use is passed over.
  EXPECT_EQ(store()
                .remove_tables(removal, std::vector{old.facts.digest, users.facts.digest}, day(250))
                .value(),
            1);
  const std::vector asked{old.facts.digest, users.facts.digest};
  EXPECT_EQ(store().missing(asked).value(), std::vector{old.facts.digest});
  EXPECT_EQ(code_of(store().table(old.facts.digest)), "not_found");
  // Nothing that was known of it is believed any more.
  auto next = snapshot_of("host-1", 5, {old, users}, last_);
  next.now = day(1001);
  EXPECT_EQ(code_of(store().commit_snapshot(next, {})), "not_found");
  EXPECT_TRUE(store().commit_snapshot(next, std::vector{old}));
  EXPECT_TRUE(store().table(old.facts.digest));
}

TEST_P(StoreRetention, ATableThatIsTakenUpAgainIsKept) {
  live();
  const auto removal = begin(350);
  const auto old = table_with("mounts", content_of(1));
  auto next = snapshot_of("host-1", 5, {old}, last_);
  next.now = day(1001);
  accept(next);
  EXPECT_EQ(store().remove_tables(removal, std::vector{old.facts.digest}, day(250)).value(), 0);
  EXPECT_TRUE(store().table(old.facts.digest));
}

TEST_P(StoreRetention, TablesOfTheRegisterAreKnown) {
  enroll("host-1");
  const auto fields = table_with("host_register", "fields");
  const auto groups = table_with("host_groups", "groups");
  RegisterEntry entry;
  entry.host_id = "host-1";
  entry.fields = "{}";
  entry.register_table = fields.facts.digest;
  entry.groups_table = groups.facts.digest;
  entry.by = {"token-1", "Mei-ling"};
  entry.since = day(100);
  ASSERT_TRUE(store().change_register(std::vector{RegisterChange{entry, {fields, groups}}}));
  const auto known = store().register_tables().value();
  EXPECT_EQ(std::set(known.begin(), known.end()),
            (std::set{fields.facts.digest, groups.facts.digest}));
  EXPECT_EQ(store().tables_unused_since(day(101), {})->items.size(), 2U);
}

TEST_P(StoreRetention, HistoryThatEndedBeforeGoes) {
  enroll("host-1");
  const std::vector<std::string> frameworks{"idb-isp"};
  auto finding = finding_of("host-1", "X", "a", 99);
  EvaluationChange change;
  change.begun = {verdict("X", State::kFail)};
  change.findings = {finding};
  ASSERT_TRUE(judge("host-1", 100, change));
  change.begun = {verdict("X", State::kPass)};
  change.findings[0].state = FindingState::kResolved;
  change.findings[0].resolved_at = at(200);
  ASSERT_TRUE(judge("host-1", 200, change));

  EXPECT_EQ(store().frameworks_of_history().value(),
            std::vector<std::vector<std::string>>({frameworks}));
  EXPECT_EQ(store().history_before(frameworks, at(200))->verdicts, 0);
  EXPECT_EQ(store().history_before(frameworks, at(201))->verdicts, 1);
  EXPECT_EQ(store().history_before(frameworks, at(201))->findings, 1);
  EXPECT_EQ(store().history_before(std::vector<std::string>{"other"}, at(201))->verdicts, 0);
  const auto removal = begin(1);
  const auto removed = store().remove_history(removal, frameworks, at(201), 100).value();
  EXPECT_EQ(removed.verdicts, 1);
  EXPECT_EQ(removed.findings, 1);
  EXPECT_EQ(code_of(store().finding(finding.id)), "not_found");
  // What is in force stays.
  EXPECT_EQ(store().history("host-1", "X", {})->items.size(), 1U);
  EXPECT_EQ(store().remove_history(removal, frameworks, at(9000), 100)->verdicts, 0);
  // But of a host that was sent away.
  ASSERT_TRUE(store().revoke_host("host-1", at(300)));
  EXPECT_EQ(store().remove_history(removal, frameworks, at(300), 100)->verdicts, 0);
  EXPECT_EQ(store().remove_history(removal, frameworks, at(301), 100)->verdicts, 1);
  const auto record = store().removals({})->items.at(0);
  EXPECT_EQ(record.history.verdicts, 2);
  EXPECT_EQ(record.history.findings, 1);
}

TEST_P(StoreRetention, AFindingIsKeptAsLongAsOneOfItsSpans) {
  enroll("host-1");
  const std::vector<std::string> frameworks{"idb-isp"};
  EvaluationChange change;
  change.findings = {finding_of("host-1", "X", "a", 99)};
  ASSERT_TRUE(judge("host-1", 100, change));
  change.findings[0].row = "{\"row\":\"worse\"}";
  ASSERT_TRUE(judge("host-1", 200, change));
  const auto removal = begin(1);
  EXPECT_EQ(store().remove_history(removal, frameworks, at(201), 100)->findings, 1);
  EXPECT_EQ(store().finding(change.findings[0].id)->row, "{\"row\":\"worse\"}");
  change.findings[0].state = FindingState::kResolved;
  change.findings[0].resolved_at = at(300);
  ASSERT_TRUE(judge("host-1", 300, change));
  EXPECT_EQ(store().remove_history(removal, frameworks, at(301), 100)->findings, 1);
  EXPECT_EQ(code_of(store().finding(change.findings[0].id)), "not_found");
}

TEST_P(StoreRetention, ResultsGoThatNoVerdictRefersTo) {
  enroll("host-1");
  EvaluationChange change;
  const auto fail = verdict("X", State::kFail);
  const auto pass = verdict("X", State::kPass);
  change.begun = {fail};
  change.results = {{fail.key, "{}"}, {pass.key, "{}"}};
  ASSERT_TRUE(judge("host-1", 10'000, change));
  EXPECT_EQ(store().unused_results(10).value(), std::vector{pass.key});
  const auto removal = begin(1);
  // Somebody begins to refer to it.
  change.begun = {pass};
  change.results = {};
  ASSERT_TRUE(judge("host-1", 20'000, change));
  EXPECT_EQ(store().remove_results(removal, std::vector{pass.key}, at(20'000)).value(), 0);
  EXPECT_TRUE(store().result(pass.key));
  // The other one after its verdict.
  const std::vector<std::string> frameworks{"idb-isp"};
  ASSERT_TRUE(store().remove_history(removal, frameworks, at(20'001), 100));
  EXPECT_EQ(store().unused_results(10).value(), std::vector{fail.key});
  const auto known = store().mark("host-1").value();
  EXPECT_EQ(store().remove_results(removal, std::vector{fail.key}, at(30'000)).value(), 1);
  EXPECT_EQ(code_of(store().result(fail.key)), "not_found");
  EXPECT_EQ(store().removals({})->items.at(0).results, 1);
  // An evaluation that looked it up before must look again.
  EvaluationChange late;
  late.mark = known;
  late.mark.evaluated_at = at(30'001);
  late.begun = {fail};
  EXPECT_EQ(code_of(Result<int>(assay::fail(store().commit_evaluation(late).error()))), "conflict");
  EXPECT_GT(store().mark("host-1")->removals, known.removals);
}

TEST_P(StoreRetention, RemovalsAreOnRecord) {
  EXPECT_TRUE(store().removals({})->items.empty());
  live();
  const auto first = begin(350);
  EXPECT_EQ(first.number, 1);
  ASSERT_TRUE(store().remove_snapshots(first, std::vector{SnapshotPlace{"host-1", 1, day(100)}}));
  EXPECT_EQ(begin(360).number, 2);
  reopen();
  const auto all = store().removals({})->items;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].number, 2);
  EXPECT_EQ(all[1].at, day(1000));
  EXPECT_EQ(all[1].horizon, day(350));
  EXPECT_EQ(all[1].snapshots, 1);
  EXPECT_EQ(code_of(store().begin_removal(day(5), day(5))), "internal");
}

TEST_P(StoreRetention, TellsWhenHostsLastScannedByTheirOwnClocks) {
  live();
  EXPECT_EQ(store().scans_since(day(400))->size(), 1U);
  EXPECT_EQ(evidence::to_timestamp(store().scans_since(day(400))->at(0)), "2026-11-21T01:02:04Z");
  EXPECT_TRUE(store().scans_since(day(401))->empty());
}

}  // namespace assay::collector
