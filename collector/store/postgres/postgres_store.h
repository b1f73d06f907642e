// The store in PostgreSQL, which several collectors may share.
//
// Any number of transactions write at a time. What SQLite has from its one writer is had otherwise:
// the host's row is locked while its snapshots are committed, one transaction at a time numbers
// the snapshots that it commits (the order of acceptance, on which the ledger builds), and one at a
// time puts something on record. A transaction whose connection was lost, or that had to give
// way, is begun again as a whole, for some seconds; where its COMMIT was on the way, whoever is the
// primary now is asked first what became of it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collector/store/postgres/commit_mark.h"
#include "collector/store/postgres/pool.h"
#include "collector/store/sql/known_tables.h"
#include "collector/store/sql/sql_store.h"

namespace assay::collector::postgres {

struct Options {
  std::string conninfo;                        // as Target::conninfo
  std::size_t connections = 8;                 // at most
  std::chrono::milliseconds patience{10'000};  // for which a transaction is begun again
  bool may_migrate = true;  // false: a database of an older version is kConfiguration
};

class PostgresStore final : public sql::SqlStore {
 public:
  // Makes and migrates the tables as needed, in the first schema of the search path.
  // kUnavailable, kPermissionDenied, kNotFound; kConfiguration when a newer program was there.
  [[nodiscard]] static Result<std::unique_ptr<PostgresStore>> open(const Options& options);

  // For the mover of whole stores: any work on one connection, in one transaction.
  [[nodiscard]] Status write(const sql::Work& work) { return run_writing(sql::Lock::kNone, work); }
  [[nodiscard]] Status read(const sql::Work& work) { return run_reading(work); }
  // See ensure_years().
  [[nodiscard]] Status prepare_for(std::span<const evidence::Seconds> times);

 private:
  using Clock = std::chrono::steady_clock;
  enum class Fate { kCommitted, kUndone, kUnknown };

  explicit PostgresStore(const Options& options);

  Status run_writing(sql::Lock lock, const sql::Work& work) override;
  Status run_reading(const sql::Work& work) override;
  // Once. `*unsure` is its mark when its COMMIT may have been carried out.
  Status write_once(Connection& connection, sql::Lock lock, const sql::Work& work,
                    std::optional<CommitMark>* unsure);
  Fate fate_of(const CommitMark& mark);
  // False when there is no time left.
  bool pause(int attempt, Clock::time_point deadline);

  Result<std::vector<Text>> do_self_check() override;
  Result<std::vector<std::optional<std::string>>> do_results(
      std::span<const evidence::Digest> keys) override;
  Result<std::vector<std::optional<KeptTable>>> do_kept_tables(
      std::span<const evidence::Digest> digests, std::int64_t most_bytes) override;
  Result<std::vector<evidence::Digest>> do_missing(
      std::span<const evidence::Digest> digests) override;
  Result<Receipt> do_commit_snapshot(const NewSnapshot& snapshot,
                                     std::span<const StoredTable> tables) override;
  std::vector<Result<Receipt>> do_commit_snapshots(
      std::span<const SnapshotCommit> commits) override;
  Result<std::vector<std::string>> do_claim(std::span<const std::string> hosts,
                                            std::string_view owner, evidence::Seconds now,
                                            evidence::Seconds until) override;
  Result<std::vector<Result<Receipt>>> commit_group(std::span<const SnapshotCommit> commits);

  const std::chrono::milliseconds patience_;
  sql::KnownTables known_tables_;
  Pool pool_;
  std::mutex years_mutex_;
  std::set<std::int64_t> years_;  // that are prepared
};

}  // namespace assay::collector::postgres
