// A store with one host that sends snapshots, and a ledger's key.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/ledger/checkpoint.h"
#include "tests/unit/collector/store/conformance.h"
#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector {

class LedgerStory : public testing::Test {
 protected:
  LedgerStory() {
    const auto token = enrollment_token("t");
    EXPECT_TRUE(store_->add_token(token));
    Host host;
    host.id = kHost;
    EXPECT_TRUE(store_->enroll(token.hash, host, certificate_of(kHost, "1"), at(20)));
  }

  static constexpr const char* kHost = "host-1";
  // Its token, and that it was let in: they are logged behind the first snapshots.
  static constexpr std::int64_t kActs = 2;

  // Accepts so many snapshots more and returns their digests.
  std::vector<evidence::Digest> accept(int count) {
    std::vector<evidence::Digest> digests;
    for (int i = 0; i < count; ++i) {
      previous_ =
          store_->commit_snapshot(snapshot_of(kHost, ++sequence_, {}, previous_), {})->digest;
      digests.push_back(*previous_);
    }
    return digests;
  }
  Result<std::size_t> sequence(std::size_t batch = 1024) {
    SequencerOptions options;
    options.batch = batch;
    options.now = [this] { return now_; };
    return sequence_once(*store_, key_, options);
  }
  evidence::TreeHead head() { return store_->checkpoint()->head; }
  // Whether the log proves that it has this manifest, by its key alone.
  testing::AssertionResult is_proven(const evidence::Digest& manifest) {
    auto view = LedgerView::latest(*store_);
    if (!view) return testing::AssertionFailure() << view.error().message();
    const auto proof = view->prove(manifest);
    if (!proof) return testing::AssertionFailure() << proof.error().message();
    const auto entry = evidence::ledger_entry_from(proof->extra);
    if (!entry || entry->digest != manifest) return testing::AssertionFailure() << "another entry";
    const auto opened =
        evidence::verify_logged(*proof, proof->extra, key_.verifier(), key_.verifier().name);
    if (!opened) return testing::AssertionFailure() << opened.error().message();
    return testing::AssertionSuccess();
  }
  void execute(const std::string& sql) {
    auto connection = sqlite::Connection::open(folder_.file(), sqlite::Access::kReadWrite).value();
    ASSERT_TRUE(connection->execute(sql)) << sql;
  }

  sqlite::TestFolder folder_;
  std::unique_ptr<Store> store_ = sqlite::SqliteStore::open({folder_.file(), 2, 0}).value();
  std::string keys_ = std::filesystem::path(folder_.file()).parent_path().string();
  LedgerKey key_ = LedgerKey::open_or_create(keys_, evidence::sha256("CA")).value();
  evidence::Seconds now_ = at(1'000'000);

 private:
  std::int64_t sequence_ = 0;
  std::optional<evidence::Digest> previous_;
};

}  // namespace assay::collector
