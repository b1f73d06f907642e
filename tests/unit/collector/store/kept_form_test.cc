// What is kept as a difference, what whole, and that nothing stands in the way of evidence.
#include "collector/store/kept_form.h"

#include "collector/store/seal.h"
#include "evidence/compress.h"
#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector {
namespace {

// Two tables that differ in one of many rows that zstd cannot make much of.
std::string content(int changed) {
  std::string rows;
  for (int i = 0; i < 100; ++i)
    rows += evidence::sha256(std::to_string(i == 50 ? 1'000 + changed : i)).hex() + "\n";
  return rows;
}

class KeptFormTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = engine_.open().value();
    const auto token = enrollment_token("secret");
    ASSERT_TRUE(store_->add_token(token));
    Host host;
    host.id = "host-1";
    ASSERT_TRUE(store_->enroll(token.hash, host, certificate_of("host-1", "serial"), at(20)));
  }
  static NewSnapshot nth(std::int64_t sequence, const std::vector<StoredTable>& tables) {
    return snapshot_of(
        "host-1", sequence, tables,
        sequence > 1 ? std::optional(evidence::sha256(std::to_string(sequence))) : std::nullopt);
  }
  // The snapshot with this number and one table, as the collector keeps it.
  StoredTable take(std::int64_t sequence, const std::string& users) {
    auto last = Predecessor::of(*store_, "host-1", sequence);
    auto* before = last ? &*last : nullptr;
    auto table = table_with("users", users);
    auto snapshot = nth(sequence, {table});
    const auto bytes = evidence::to_canonical(snapshot.manifest).value();
    EXPECT_TRUE(set_form(bytes, before, &snapshot));
    set_form(*store_, users, before, &table);
    const auto receipt = store_->commit_snapshot(snapshot, std::vector{table});
    EXPECT_TRUE(receipt) << receipt.error().message();
    EXPECT_EQ(store_->table_bytes(table.facts.digest).value_or(""), users);
    const auto stored = store_->snapshot(snapshot.digest).value();
    EXPECT_EQ(store_->manifest_bytes(stored).value_or(""), bytes);
    base_ = stored.manifest_base;
    return table;
  }

  sqlite::SqliteEngine engine_;
  std::unique_ptr<Store> store_;
  std::optional<std::int64_t> base_;  // of the manifest taken last
};

TEST(Pays, FarLessAlwaysFarMoreNever) {
  for (int i = 0; i < 100; ++i) {
    const auto digest = evidence::sha256(std::to_string(i));
    EXPECT_TRUE(pays(125, 1'000, digest));
    EXPECT_FALSE(pays(801, 1'000, digest));
  }
}

TEST(Pays, InBetweenAllButOneInSixteen) {
  int whole = 0;
  for (int i = 0; i < 1'600; ++i)
    if (!pays(126, 1'000, evidence::sha256(std::to_string(i)))) ++whole;
  EXPECT_GT(whole, 60);
  EXPECT_LT(whole, 140);
}

TEST(Sealed, EveryAlteredBitIsFound) {
  const std::string frame = "a frame";
  const auto kept = sealed(frame);
  EXPECT_EQ(unsealed(kept).value(), frame);
  for (std::size_t bit = 0; bit < 8 * kept.size(); ++bit) {
    auto altered = kept;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(code_of(unsealed(altered)), "invalid_data") << bit;
  }
  for (std::size_t size = 0; size < kept.size(); ++size)
    EXPECT_EQ(code_of(unsealed(std::string_view(kept).substr(0, size))), "invalid_data") << size;
}

TEST_F(KeptFormTest, TheFirstIsWholeAndThoseBehindItDiffer) {
  const auto first = take(1, content(0));
  EXPECT_FALSE(first.base);
  EXPECT_FALSE(base_);
  for (int i = 2; i < 6; ++i) {
    const auto next = take(i, content(i));
    EXPECT_EQ(next.base, first.facts.digest) << "never two steps";
    EXPECT_LT(next.frame.size(), 200U);
    EXPECT_EQ(base_, 1);
  }
}

TEST_F(KeptFormTest, AfterSomeTimeAManifestIsWholeAgain) {
  std::set<std::int64_t> whole;
  for (std::int64_t i = 1; i <= 70; ++i) {
    take(i, content(0));
    if (!base_) whole.insert(i);
  }
  EXPECT_TRUE(whole.contains(1));
  EXPECT_GE(whole.size(), 2U);
}

TEST_F(KeptFormTest, WhatHasNothingInCommonIsWhole) {
  take(1, content(0));
  std::string other;
  for (int i = 0; i < 100; ++i) other += evidence::sha256("other" + std::to_string(i)).hex();
  EXPECT_FALSE(take(2, other).base);
}

TEST_F(KeptFormTest, WhatStoodBeforeIsComparedAcrossAGap) {
  const auto first = take(1, content(0));
  EXPECT_EQ(take(9, content(1)).base, first.facts.digest);
  // One that comes late has no number behind it to be compared with but the first.
  EXPECT_EQ(take(4, content(2)).base, first.facts.digest);
  EXPECT_LE(base_.value_or(1), 1);
}

TEST_F(KeptFormTest, ADamagedOneBeforeStandsInNobodysWay) {
  auto broken = table_with("users", content(0));
  broken.frame = "not a frame";
  ASSERT_TRUE(store_->commit_snapshot(snapshot_of("host-1", 1, {broken}), std::vector{broken}));
  EXPECT_FALSE(take(2, content(1)).base);
  auto unread = nth(3, {});
  unread.manifest_frame = "not a frame";
  ASSERT_TRUE(store_->commit_snapshot(unread, {}));
  EXPECT_FALSE(take(4, content(2)).base);
  EXPECT_FALSE(base_);
}

TEST_F(KeptFormTest, ATableWithOtherBytesIsNotBuiltOn) {
  auto lies = table_with("users", content(0));
  lies.frame = evidence::compress(content(7)).value();
  ASSERT_TRUE(store_->commit_snapshot(snapshot_of("host-1", 1, {lies}), std::vector{lies}));
  EXPECT_FALSE(take(2, content(1)).base);
}

}  // namespace
}  // namespace assay::collector
