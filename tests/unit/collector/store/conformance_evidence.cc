// Tables, snapshots and events, in every engine.
#include <algorithm>

#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {

TEST_P(StoreConformance, SaysWhichTablesAreMissingEachOnce) {
  const auto users = table_with("users", "u");
  const auto absent = evidence::sha256("absent");
  ASSERT_TRUE(store().put_tables(std::vector{users}, at(50)));
  const std::vector<evidence::Digest> asked{absent, users.facts.digest, absent};
  EXPECT_EQ(store().missing(asked).value(), std::vector{absent});
}

TEST_P(StoreConformance, StoresATableOnceAndGivesItBack) {
  const auto users = table_with("users", "content");
  ASSERT_TRUE(store().put_tables(std::vector{users, users}, at(50)));
  ASSERT_TRUE(store().put_tables(std::vector{users}, at(50)));
  reopen();
  const auto found = store().table(users.facts.digest);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frame, users.frame);
  EXPECT_EQ(found->facts.name, "users");
  EXPECT_EQ(found->facts.stored_bytes, static_cast<std::int64_t>(users.frame.size()));
  EXPECT_EQ(code_of(store().table(evidence::sha256("none"))), "not_found");
}

TEST_P(StoreConformance, ListsAllTablesByDigestInPages) {
  std::vector<StoredTable> tables;
  for (const auto* content : {"a", "b", "c"}) tables.push_back(table_with("users", content));
  ASSERT_TRUE(store().put_tables(tables, at(50)));
  std::vector<evidence::Digest> seen;
  PageRequest request{"", 2};
  do {
    const auto page = store().stored_tables(request).value();
    for (const auto& facts : page.items) seen.push_back(facts.digest);
    request.cursor = page.next;
  } while (!request.cursor.empty());
  std::vector<evidence::Digest> expected;
  for (const auto& table : tables) expected.push_back(table.facts.digest);
  std::ranges::sort(expected);
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(store().stored_tables({"", 1})->items.at(0).name, "users");
}

TEST_P(StoreConformance, FindsNothingWrongWithItself) {
  enroll("host-1");
  EXPECT_EQ(complaints(store()), "");
}

TEST_P(StoreConformance, AcceptsASnapshotWithItsTables) {
  enroll("host-1");
  const auto users = table_with("users", "u");
  const auto snapshot = snapshot_of("host-1", 1, {users});
  EXPECT_TRUE(accept(snapshot, {users}).is_new);
  reopen();
  const auto found = store().snapshot(snapshot.digest);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->manifest_frame, snapshot.manifest_frame);
  EXPECT_EQ(found->signature, "signature");
  EXPECT_TRUE(store().table(users.facts.digest));
  EXPECT_EQ(store().host("host-1")->last_snapshot, snapshot.digest);
}

TEST_P(StoreConformance, AReplayGetsTheSameReceiptAndWritesNothing) {
  enroll("host-1");
  auto snapshot = snapshot_of("host-1", 1);
  const auto first = accept(snapshot);
  snapshot.now = at(500);
  const auto second = accept(snapshot);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.accepted_at, first.accepted_at);
  EXPECT_EQ(second.sequence, first.sequence);
  EXPECT_EQ(store().snapshots("host-1", {})->items.size(), 1U);
  EXPECT_EQ(store().receipt(snapshot.digest)->accepted_at, first.accepted_at);
}

TEST_P(StoreConformance, SnapshotsCommittedTogetherAreThereTogether) {
  enroll("host-1");
  enroll("host-2");
  const auto users = table_with("users", "u");
  const std::vector one{users};
  const auto first = snapshot_of("host-1", 1, one);
  const auto second = snapshot_of("host-1", 2, one, first.digest);
  const auto other = snapshot_of("host-2", 1, one);
  // The table comes with the first of them only.
  const std::vector<SnapshotCommit> group{{&first, one}, {&second, {}}, {&other, {}}};
  const auto receipts = store().commit_snapshots(group);
  ASSERT_EQ(receipts.size(), 3U);
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    ASSERT_TRUE(receipts[i]) << i << ": " << receipts[i].error().message();
    EXPECT_TRUE(receipts[i]->is_new);
    EXPECT_EQ(receipts[i]->digest, group[i].snapshot->digest);
  }
  reopen();
  EXPECT_EQ(store().host("host-1")->last_sequence, 2);
  EXPECT_EQ(store().host("host-2")->last_snapshot, other.digest);
  EXPECT_TRUE(store().events("", {})->items.empty()) << "each found the one before it";
}

TEST_P(StoreConformance, OneOfManyThatFailsLeavesNothingBehindAndTouchesNoOther) {
  for (int i = 0; i < 6; ++i) enroll("host-" + std::to_string(i));
  const std::vector mine{table_with("users", "of the one that fails")};
  const auto absent = table_with("groups", "never stored");
  auto fails = snapshot_of("host-2", 1, {absent, mine[0]});
  auto unsound = snapshot_of("host-3", 1);
  unsound.signature.clear();
  const auto unknown = snapshot_of("nobody", 1);
  const std::vector good{snapshot_of("host-0", 1), snapshot_of("host-1", 1),
                         snapshot_of("host-4", 1)};
  const std::vector<SnapshotCommit> group{{&good[0], {}}, {&fails, mine}, {&good[1], {}},
                                          {&unsound, {}}, {&unknown, {}}, {&good[2], {}}};
  const auto receipts = store().commit_snapshots(group);
  ASSERT_EQ(receipts.size(), group.size());
  EXPECT_EQ(code_of(receipts[1]), "not_found");
  EXPECT_EQ(code_of(receipts[3]), "internal");
  EXPECT_EQ(code_of(receipts[4]), "not_found");
  reopen();
  for (const auto& snapshot : good) EXPECT_TRUE(store().receipt(snapshot.digest));
  EXPECT_EQ(code_of(store().receipt(fails.digest)), "not_found");
  EXPECT_EQ(code_of(store().table(mine[0].facts.digest)), "not_found");
  EXPECT_EQ(store().host("host-2")->last_sequence, 0);
  // And it may come again, with everything.
  EXPECT_TRUE(accept(fails, {absent, mine[0]}).is_new);
}

TEST_P(StoreConformance, AForkAndAReplayAreKnownWithinAGroup) {
  enroll("host-1");
  const auto first = snapshot_of("host-1", 1);
  auto fork = first;
  fork.digest = evidence::sha256("another");
  const std::vector<SnapshotCommit> group{{&first, {}}, {&fork, {}}, {&first, {}}};
  const auto receipts = store().commit_snapshots(group);
  EXPECT_TRUE(receipts[0]->is_new);
  EXPECT_EQ(code_of(receipts[1]), "conflict");
  EXPECT_FALSE(receipts[2]->is_new);
  EXPECT_EQ(store().snapshots("host-1", {})->items.size(), 1U);
}

TEST_P(StoreConformance, ATableThatFailedToBeStoredIsNotTakenForStored) {
  enroll("host-1");
  const auto users = table_with("users", "u");
  const std::vector both{users, table_with("groups", "g")};
  // The first is undone with its tables; the second names one of them.
  const auto fails = snapshot_of("host-1", 1, {both[1], table_with("routes", "none"), both[0]});
  const auto next = snapshot_of("host-1", 2, {users}, fails.digest);
  const std::vector<SnapshotCommit> group{{&fails, both}, {&next, {}}};
  const auto receipts = store().commit_snapshots(group);
  EXPECT_EQ(code_of(receipts[0]), "not_found");
  EXPECT_EQ(code_of(receipts[1]), "not_found");
  EXPECT_EQ(store().missing(std::vector{users.facts.digest}).value(),
            std::vector{users.facts.digest});
}

TEST_P(StoreConformance, AnotherManifestWithTheSameSequenceIsAFork) {
  enroll("host-1");
  accept(snapshot_of("host-1", 1));
  auto fork = snapshot_of("host-1", 1);
  fork.digest = evidence::sha256("another");
  EXPECT_EQ(code_of(store().commit_snapshot(fork, {})), "conflict");
  EXPECT_EQ(code_of(store().receipt(fork.digest)), "not_found");
}

TEST_P(StoreConformance, RefusesASnapshotWhoseTableIsMissingAndKeepsNothingOfIt) {
  enroll("host-1");
  const auto users = table_with("users", "u");
  const auto groups = table_with("groups", "g");
  const auto snapshot = snapshot_of("host-1", 1, {groups, users});
  EXPECT_EQ(code_of(store().commit_snapshot(snapshot, std::vector{users})), "not_found");
  EXPECT_EQ(code_of(store().table(users.facts.digest)), "not_found");
  EXPECT_EQ(store().host("host-1")->last_sequence, 0);
}

TEST_P(StoreConformance, RefusesATableUnderAnotherNameOrSize) {
  enroll("host-1");
  const auto users = table_with("users", "u");
  ASSERT_TRUE(store().put_tables(std::vector{users}, at(50)));
  auto renamed = users;
  renamed.facts.name = "groups";
  EXPECT_EQ(code_of(store().commit_snapshot(snapshot_of("host-1", 1, {renamed}), {})),
            "invalid_data");
  auto resized = users;
  resized.facts.bytes = 7;
  EXPECT_EQ(code_of(store().commit_snapshot(snapshot_of("host-1", 1, {resized}), {})),
            "invalid_data");
}

TEST_P(StoreConformance, RefusesSnapshotsOfUnknownAndRevokedHosts) {
  EXPECT_EQ(code_of(store().commit_snapshot(snapshot_of("nobody", 1), {})), "not_found");
  enroll("host-1");
  ASSERT_TRUE(store().revoke_host("host-1", at(50)));
  EXPECT_EQ(code_of(store().commit_snapshot(snapshot_of("host-1", 1), {})), "refused");
}

TEST_P(StoreConformance, RecordsAGapAndABreakOfTheChain) {
  enroll("host-1");
  const auto first = accept(snapshot_of("host-1", 1));
  accept(snapshot_of("host-1", 2, {}, evidence::sha256("not the first")));
  accept(snapshot_of("host-1", 4, {}, first.digest));
  const auto events = store().events("host-1", {});
  ASSERT_TRUE(events && events->items.size() == 2);
  EXPECT_EQ(events->items[0].kind, Event::Kind::kSequenceGap);
  EXPECT_EQ(events->items[1].kind, Event::Kind::kChainBreak);
}

TEST_P(StoreConformance, AnUnbrokenChainRecordsNothing) {
  enroll("host-1");
  const auto first = accept(snapshot_of("host-1", 1));
  accept(snapshot_of("host-1", 2, {}, first.digest));
  EXPECT_TRUE(store().events("host-1", {})->items.empty());
}

TEST_P(StoreConformance, ALateOlderSnapshotDoesNotMoveTheHostBack) {
  enroll("host-1");
  const auto third = accept(snapshot_of("host-1", 3, {}, evidence::sha256("second")));
  auto late = snapshot_of("host-1", 1);
  late.now = at(500);
  accept(late);
  const auto host = store().host("host-1").value();
  EXPECT_EQ(host.last_snapshot, third.digest);
  EXPECT_EQ(host.last_sequence, 3);
  EXPECT_EQ(host.last_seen, at(500));
}

TEST_P(StoreConformance, FindsSnapshotsByTimeAndInPages) {
  enroll("host-1");
  std::optional<evidence::Digest> previous;
  for (std::int64_t i = 1; i <= 3; ++i) {
    previous = accept(snapshot_of("host-1", i, {}, previous)).digest;
  }
  EXPECT_EQ(store().snapshot_at("host-1", at(102))->sequence, 2);
  EXPECT_EQ(code_of(store().snapshot_at("host-1", at(100))), "not_found");
  const auto page = store().snapshots("host-1", {"", 2}).value();
  EXPECT_EQ(page.items.at(0).sequence, 3);
  EXPECT_EQ(store().snapshots("host-1", {page.next, 2})->items.at(0).sequence, 1);
}

TEST_P(StoreConformance, EqualEventsAreOneCounted) {
  Event event;
  event.kind = Event::Kind::kRejectedCertificate;
  event.detail = "serial 12";
  for (const int time : {5, 9, 7}) {
    event.last = at(time);
    ASSERT_TRUE(store().add_event(event));
  }
  const auto events = store().events("", {});
  ASSERT_TRUE(events && events->items.size() == 1);
  EXPECT_EQ(events->items[0].count, 3);
  EXPECT_EQ(events->items[0].first, at(5));
  EXPECT_EQ(events->items[0].last, at(9));
}

TEST_P(StoreConformance, CutsAnEventThatIsTooLong) {
  Event event;
  event.detail = std::string(5000, 'x');
  ASSERT_TRUE(store().add_event(event));
  EXPECT_EQ(store().events("", {})->items.at(0).detail.size(), kMaxEventDetailBytes);
}

}  // namespace assay::collector
