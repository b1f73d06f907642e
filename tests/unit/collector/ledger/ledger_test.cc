// Proofs out of the store, and the key that signs.
#include "collector/ledger/ledger.h"

#include <fstream>

#include "evidence/ledger/origin.h"
#include "tests/unit/collector/ledger/story.h"

namespace assay::collector {
namespace {

class LedgerTest : public LedgerStory {};

TEST_F(LedgerTest, ProvesNothingBeforeSomethingIsLogged) {
  EXPECT_EQ(code_of(LedgerView::latest(*store_)), "not_found");
  EXPECT_EQ(code_of(consistency_between(*store_, 0, 0)), "not_found");
}

TEST_F(LedgerTest, WhatIsNotLoggedYetIsNotProven) {
  const auto logged = accept(2);
  ASSERT_TRUE(sequence());
  const auto waiting = accept(1);
  auto view = LedgerView::latest(*store_).value();
  EXPECT_TRUE(view.prove(logged[1]));
  EXPECT_EQ(code_of(view.prove(waiting[0])), "not_found");
  ASSERT_TRUE(sequence());
  // The view is of the moment before.
  EXPECT_EQ(code_of(view.prove(waiting[0])), "not_found");
  EXPECT_TRUE(is_proven(waiting[0]));
}

TEST_F(LedgerTest, AnyTwoSizesAreProvenConsistent) {
  // Over the end of tiles, which hold 256.
  for (const int lot : {70, 185, 1, 1, 255, 1, 7}) {
    accept(lot);
    ASSERT_TRUE(sequence());
  }
  auto view = LedgerView::latest(*store_).value();
  for (const std::int64_t newer : {520, 513, 512, 257, 256, 255, 70, 3}) {
    for (const std::int64_t older : {0, 1, 2, 64, 70, 255, 256, 257, 511, 512, 513, 520}) {
      if (older > newer) continue;
      const auto proof = consistency_between(*store_, older, newer);
      ASSERT_TRUE(proof) << proof.error().message();
      EXPECT_TRUE(evidence::verify_consistency({older, view.root(older).value()},
                                               {newer, view.root(newer).value()}, *proof))
          << older << " and " << newer;
    }
  }
  EXPECT_EQ(code_of(view.consistency(523)), "usage");
  EXPECT_EQ(code_of(view.root(-1)), "usage");
  EXPECT_EQ(code_of(consistency_between(*store_, 5, 523)), "usage");
  EXPECT_EQ(code_of(consistency_between(*store_, 6, 5)), "usage");
}

TEST_F(LedgerTest, TheKeyIsMadeOnceAndNamesItsCa) {
  const auto again = LedgerKey::open_or_create(keys_, evidence::sha256("another CA"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->verifier(), key_.verifier());
  EXPECT_EQ(evidence::ca_in_origin(key_.verifier().name), evidence::sha256("CA"));
  EXPECT_EQ(read_ledger_verifier(keys_).value(), key_.verifier());
  EXPECT_EQ(std::filesystem::status(keys_ + "/ledger.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(LedgerTest, RefusesAKeyThatOthersMayRead) {
  std::filesystem::permissions(keys_ + "/ledger.key", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(code_of(LedgerKey::open(keys_)), "refused");
}

TEST_F(LedgerTest, DoesNotReplaceAKeyOfWhichOneHalfIsLost) {
  std::filesystem::remove(keys_ + "/ledger.vkey");
  EXPECT_EQ(code_of(LedgerKey::open_or_create(keys_, evidence::sha256("CA"))), "not_found");
  EXPECT_TRUE(std::filesystem::exists(keys_ + "/ledger.key"));
}

TEST_F(LedgerTest, RefusesHalvesThatDoNotBelongTogether) {
  const auto other = evidence::verifier_key_of(evidence::new_note_key().value(),
                                               key_.verifier().name, evidence::KeyKind::kLog);
  std::ofstream(keys_ + "/ledger.vkey") << evidence::to_text(*other) << "\n";
  EXPECT_EQ(code_of(LedgerKey::open(keys_)), "invalid_data");
}

}  // namespace
}  // namespace assay::collector
