// What is kept as a difference to something else is as much evidence as the rest, in every engine.
#include <algorithm>

#include "collector/store/kept_form.h"
#include "collector/store/seal.h"
#include "evidence/compress.h"
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {
namespace {

std::string content(const std::string& seed) {
  std::string rows;
  for (int i = 0; i < 60; ++i) rows += evidence::sha256(seed + std::to_string(i)).hex();
  return rows;
}
const std::string kBefore = content("a");
const std::string kAfter = kBefore + "b";

// The first of a host, and the second, which differs from it.
std::pair<NewSnapshot, NewSnapshot> first_two() {
  const auto first = snapshot_of("host-1", 1);
  return {first, differing(snapshot_of("host-1", 2, {}, first.digest), first)};
}

}  // namespace

TEST_P(StoreConformance, ATableThatDiffersIsGivenBackWhole) {
  const auto before = table_with("users", kBefore);
  const auto after = table_differing("users", kAfter, before);
  ASSERT_TRUE(store().put_tables(std::vector{before}, at(50)));
  ASSERT_TRUE(store().put_tables(std::vector{after}, at(50)));
  reopen();
  EXPECT_EQ(store().table_bytes(before.facts.digest).value(), kBefore);
  EXPECT_EQ(store().table_bytes(after.facts.digest).value(), kAfter);
  EXPECT_EQ(store().table(after.facts.digest)->base, before.facts.digest);
  EXPECT_EQ(code_of(store().table_bytes(evidence::sha256("none"))), "not_found");
}

TEST_P(StoreConformance, TablesAreAskedForTogetherWithWhatTheyDifferFrom) {
  const auto before = table_with("users", kBefore);
  const auto after = table_differing("users", kAfter, before);
  ASSERT_TRUE(store().put_tables(std::vector{before}, at(50)));
  ASSERT_TRUE(store().put_tables(std::vector{after}, at(50)));
  const auto larger = static_cast<std::int64_t>(before.frame.size());
  const std::vector asked{after.facts.digest, evidence::sha256("none"), before.facts.digest,
                          after.facts.digest};
  const auto kept = store().kept_tables(asked, larger).value();
  ASSERT_EQ(kept.size(), 4U);
  EXPECT_EQ(EvidenceStore::table_bytes(kept[0].value()).value(), kAfter);
  EXPECT_EQ(kept[0]->base->facts.digest, before.facts.digest);
  EXPECT_EQ(kept[0]->base->facts.bytes, before.facts.bytes);
  EXPECT_FALSE(kept[1]);
  EXPECT_EQ(EvidenceStore::table_bytes(kept[2].value()).value(), kBefore);
  EXPECT_FALSE(kept[2]->base);
  EXPECT_EQ(kept[2]->table.facts.name, "users");
  EXPECT_EQ(EvidenceStore::table_bytes(kept[3].value()).value(), kAfter);
  // One of the two frames is too large for the answer.
  const auto small = store().kept_tables(asked, larger - 1).value();
  EXPECT_EQ(std::ranges::count(small, true, &std::optional<KeptTable>::has_value), 0);
  EXPECT_TRUE(store().kept_tables({}, larger).value().empty());
}

TEST_P(StoreConformance, NothingDiffersFromWhatIsNotThereWhole) {
  enroll("host-1");
  const auto before = table_with("users", kBefore);
  const auto after = table_differing("users", kAfter, before);
  const auto third = table_differing("users", kAfter + "c", table_with("users", kAfter));
  EXPECT_EQ(code_of(store().put_tables(std::vector{after}, at(50))), "not_found");
  const auto snapshot = snapshot_of("host-1", 1, {after});
  EXPECT_EQ(code_of(store().commit_snapshot(snapshot, std::vector{after})), "not_found");
  ASSERT_TRUE(store().put_tables(std::vector{before}, at(50)));
  EXPECT_TRUE(accept(snapshot, {after}).is_new);
  // One step, and not two.
  EXPECT_EQ(code_of(store().put_tables(std::vector{third}, at(50))), "not_found");
  const auto next = snapshot_of("host-1", 2, {third}, snapshot.digest);
  EXPECT_EQ(code_of(store().commit_snapshot(next, std::vector{third})), "not_found");
  EXPECT_EQ(code_of(store().table(third.facts.digest)), "not_found");
  EXPECT_TRUE(accept(next, {table_with("users", kAfter + "c")}).is_new);
}

TEST_P(StoreConformance, OneOfAGroupThatDiffersFromNothingTouchesNoOther) {
  for (int i = 1; i < 4; ++i) enroll("host-" + std::to_string(i));
  const std::vector whole{table_with("users", kBefore)};
  const std::vector lost{table_differing("users", kAfter, table_with("users", "never stored"))};
  ASSERT_TRUE(store().put_tables(whole, at(50)));
  const std::vector good{table_differing("users", kAfter + "c", whole[0])};
  const auto first = snapshot_of("host-1", 1, good);
  const auto second = snapshot_of("host-2", 1, lost);
  const auto third = snapshot_of("host-3", 1, good);
  const std::vector<SnapshotCommit> group{{&first, good}, {&second, lost}, {&third, good}};
  const auto receipts = store().commit_snapshots(group);
  EXPECT_TRUE(receipts[0]);
  EXPECT_EQ(code_of(receipts[1]), "not_found");
  EXPECT_TRUE(receipts[2]);
  EXPECT_EQ(store().table_bytes(good[0].facts.digest).value(), kAfter + "c");
}

TEST_P(StoreConformance, WhatIsStoredWholeAlreadyStaysSo) {
  const auto before = table_with("users", kBefore);
  const auto after = table_with("users", kAfter);
  ASSERT_TRUE(store().put_tables(std::vector{before, after}, at(50)));
  ASSERT_TRUE(store().put_tables(std::vector{table_differing("users", kBefore, after)}, at(50)));
  EXPECT_FALSE(store().table(before.facts.digest)->base);
  EXPECT_EQ(store().table_bytes(before.facts.digest).value(), kBefore);
}

TEST_P(StoreConformance, ADifferenceToSomethingElseIsDamage) {
  const auto before = table_with("users", kBefore);
  const auto other = table_with("users", content("x"));
  ASSERT_TRUE(store().put_tables(std::vector{before, other}, at(50)));
  auto after = table_differing("users", kAfter, before);
  after.base = other.facts.digest;
  ASSERT_TRUE(store().put_tables(std::vector{after}, at(50)));
  EXPECT_EQ(code_of(store().table_bytes(after.facts.digest)), "invalid_data");
}

TEST_P(StoreConformance, AManifestThatDiffersIsGivenBackWhole) {
  enroll("host-1");
  const auto [first, second] = first_two();
  accept(first);
  accept(second);
  reopen();
  const auto stored = store().snapshot(second.digest).value();
  EXPECT_EQ(stored.manifest_base, 1);
  EXPECT_EQ(store().manifest_bytes(stored).value(),
            evidence::to_canonical(second.manifest).value());
  const auto kept = store().kept_manifest(stored).value();
  EXPECT_EQ(kept.whole_sequence, 1);
  EXPECT_EQ(kept.whole_bytes(), evidence::to_canonical(first.manifest).value());
  const auto whole = store().kept_manifest(store().snapshot(first.digest).value()).value();
  EXPECT_EQ(whole.whole_sequence, 1);
  EXPECT_EQ(whole.whole_bytes(), whole.bytes);
}

TEST_P(StoreConformance, ADeliveryIsHeldAgainstItsCertificateAndWhatItDiffersFrom) {
  enroll("host-1");
  const auto [first, second] = first_two();
  accept(first);
  accept(second);
  const auto serial = certificate_of("host-1", "first of host-1").serial;
  auto basis = store().delivery_basis(serial, second.digest).value();
  EXPECT_EQ(basis.certificate->host_id, "host-1");
  EXPECT_EQ(basis.certificate->not_after, certificate_of("host-1", serial).not_after);
  EXPECT_FALSE(basis.certificate->revoked_at);
  EXPECT_EQ(basis.base->digest, second.digest);
  EXPECT_EQ(basis.base->manifest_base, 1);
  const auto kept = EvidenceStore::kept_manifest(*basis.base, basis.whole_frame).value();
  EXPECT_EQ(kept.bytes, evidence::to_canonical(second.manifest).value());
  EXPECT_EQ(kept.whole_bytes(), evidence::to_canonical(first.manifest).value());
  EXPECT_EQ(code_of(EvidenceStore::kept_manifest(*basis.base, {})), "invalid_data");
  // What is kept whole needs nothing beside it.
  basis = store().delivery_basis(serial, first.digest).value();
  EXPECT_TRUE(basis.whole_frame.empty());
  EXPECT_EQ(EvidenceStore::kept_manifest(*basis.base, {})->bytes, kept.whole_bytes());

  basis = store().delivery_basis("another", evidence::sha256("never accepted")).value();
  EXPECT_FALSE(basis.certificate || basis.base);
  ASSERT_TRUE(store().revoke_host("host-1", at(70)));
  basis = store().delivery_basis(serial, std::nullopt).value();
  EXPECT_EQ(basis.certificate->revoked_at, at(70));
  EXPECT_FALSE(basis.base);
}

TEST_P(StoreConformance, AManifestDiffersFromOneShortlyBeforeThatIsWhole) {
  enroll("host-1");
  const auto [first, second] = first_two();
  EXPECT_EQ(code_of(store().commit_snapshot(second, {})), "not_found");
  accept(first);
  accept(second);
  const auto third = snapshot_of("host-1", 3, {}, second.digest);
  EXPECT_EQ(code_of(store().commit_snapshot(differing(third, second), {})), "not_found");
  for (const std::int64_t far : {2, 3, 66}) {
    auto wrong = differing(snapshot_of("host-1", far, {}, first.digest), first);
    wrong.manifest_base = far == 66 ? 1 : 3;
    EXPECT_EQ(code_of(store().commit_snapshot(wrong, {})), "internal") << far;
  }
  EXPECT_TRUE(accept(differing(third, first)).is_new);
}

TEST_P(StoreConformance, AnotherManifestInItsPlaceIsDamage) {
  enroll("host-1");
  auto [first, second] = first_two();
  accept(first);
  second.manifest_frame = sealed(
      evidence::compress_with(evidence::to_canonical(first.manifest).value(), "another").value());
  accept(second);
  const auto stored = store().snapshot(second.digest).value();
  EXPECT_EQ(code_of(store().manifest_bytes(stored)), "invalid_data");
}

TEST_P(StoreRetention, NothingGoesThatSomethingDiffersFrom) {
  enroll("host-1");
  const auto first = [&] {
    auto snapshot = snapshot_of("host-1", 1);
    snapshot.now = day(100);
    return snapshot;
  }();
  accept(first);
  for (const std::int64_t sequence : {2, 3}) {
    auto next = differing(snapshot_of("host-1", sequence, {}, first.digest), first);
    next.now = day(100 * sequence);
    accept(next);
    kept_.push_back(next);
  }
  auto last = snapshot_of("host-1", 4, {}, first.digest);
  last.now = day(400);
  accept(last);
  log_some(4);
  EXPECT_EQ(sequences(store().removable_snapshots(day(500), {})->items),
            (std::vector<std::int64_t>{2, 3}));
  const auto removal = begin(500);
  const std::vector<SnapshotPlace> places{
      {"host-1", 1, day(100)}, {"host-1", 2, day(200)}, {"host-1", 3, day(300)}};
  EXPECT_EQ(store().remove_snapshots(removal, std::vector{places[0], places[1]}).value(), 1);
  EXPECT_TRUE(store().manifest_bytes(store().snapshot(kept_[1].digest).value()));
  EXPECT_EQ(store().remove_snapshots(removal, places).value(), 1);
  EXPECT_EQ(store().remove_snapshots(removal, places).value(), 1) << "and then the first";
}

TEST_P(StoreRetention, NoTableGoesThatAnotherDiffersFrom) {
  const auto before = table_with("users", kBefore);
  const auto after = table_differing("users", kAfter, before);
  ASSERT_TRUE(store().put_tables(std::vector{before}, day(100)));
  ASSERT_TRUE(store().put_tables(std::vector{after}, day(200)));
  EXPECT_TRUE(store().tables_unused_since(day(150), {})->items.empty());
  EXPECT_EQ(store().tables_unused_since(day(250), {})->items, std::vector{after.facts.digest});
  const auto removal = begin(350);
  const std::vector both{before.facts.digest, after.facts.digest};
  EXPECT_EQ(store().remove_tables(removal, both, day(150)).value(), 0);
  EXPECT_EQ(store().remove_tables(removal, std::vector{after.facts.digest}, day(250)).value(), 1);
  EXPECT_EQ(store().remove_tables(removal, std::vector{before.facts.digest}, day(250)).value(), 1);
}

}  // namespace assay::collector
