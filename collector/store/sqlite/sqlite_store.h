// The embedded store: one SQLite file in WAL mode, nothing to set up.
//
// One connection writes, under a lock; several read beside it. Other processes (assay-collector
// token, agent revoke) may use the same file at the same time. A write is synced before it
// returns (synchronous = FULL).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "collector/store/sql/known_tables.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sqlite/database.h"

namespace assay::collector::sqlite {

struct Options {
  std::string path;
  std::size_t readers = 4;
  std::int64_t max_pages = 0;  // of 4 KiB; 0: as many as the disk holds. A quota.
  bool may_migrate = true;     // false: a file of an older version is kConfiguration
};

class SqliteStore final : public sql::SqlStore {
 public:
  // Makes and migrates the file as needed. kConfiguration when a newer program wrote it.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const Options& options);

 private:
  class Reader;  // a reading connection, given back at the end of its life

  SqliteStore() = default;

  Status run_writing(sql::Lock lock, const sql::Work& work) override;
  Status run_reading(const sql::Work& work) override;
  Result<std::vector<Text>> do_self_check() override;
  Result<std::vector<evidence::Digest>> do_missing(
      std::span<const evidence::Digest> digests) override;
  Result<Receipt> do_commit_snapshot(const NewSnapshot& snapshot,
                                     std::span<const StoredTable> tables) override;
  std::vector<Result<Receipt>> do_commit_snapshots(
      std::span<const SnapshotCommit> commits) override;
  // One collector alone serves a file, so that nobody else can have claimed anything.
  Result<std::vector<std::string>> do_claim(std::span<const std::string> hosts,
                                            std::string_view /*owner*/, evidence::Seconds /*now*/,
                                            evidence::Seconds /*until*/) override {
    return std::vector<std::string>(hosts.begin(), hosts.end());
  }
  // Under the lock. nullopt: the transaction of the whole group failed, and nothing is written.
  std::optional<std::vector<Result<Receipt>>> commit_group(std::span<const SnapshotCommit> commits,
                                                           Status* failure);
  Result<Receipt> commit_alone(const SnapshotCommit& commit);
  // Inside a transaction that has begun.
  Status begin_knowing();

  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  sql::KnownTables known_tables_;  // used by writer_
  std::mutex pool_mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// Lent for one question.
class SqliteStore::Reader {
 public:
  explicit Reader(SqliteStore& store);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  Connection* operator->() { return connection_.get(); }
  Connection& operator*() { return *connection_; }

 private:
  SqliteStore& store_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace assay::collector::sqlite
