// Committing snapshots in PostgreSQL.
#include <algorithm>

#include "collector/store/postgres/group_commit.h"
#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::postgres {

Result<std::vector<evidence::Digest>> PostgresStore::do_missing(
    std::span<const evidence::Digest> digests) {
  const auto unknown = known_tables_.unknown(digests);
  if (unknown.empty()) return std::vector<evidence::Digest>();
  Array asked(kBytea);
  for (const auto& digest : unknown) asked.add(digest);
  return reading([&](sql::Connection& connection) -> Result<std::vector<evidence::Digest>> {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): all of ours are
    Query found(static_cast<Connection&>(connection),
                "SELECT digest FROM tables WHERE digest = ANY(?1)");
    found->bind_array(asked);
    std::set<evidence::Digest> seen;
    auto read =
        sql::each(found.rows(), [&](const sql::Statement& row) { seen.insert(row.digest(0)); });
    if (!read) return fail(read.error());
    std::vector<evidence::Digest> answer;
    for (const auto& digest : unknown)
      if (seen.insert(digest).second) answer.push_back(digest);
    return answer;
  });
}

Result<std::vector<Result<Receipt>>> PostgresStore::commit_group(
    std::span<const SnapshotCommit> commits) {
  return writing(
      sql::Lock::kNone, [&](sql::Connection& connection) -> Result<std::vector<Result<Receipt>>> {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): all of ours are
        return GroupCommit(static_cast<Connection&>(connection), known_tables_, commits).run();
      });
}

Result<Receipt> PostgresStore::do_commit_snapshot(const NewSnapshot& snapshot,
                                                  std::span<const StoredTable> tables) {
  const SnapshotCommit commit{&snapshot, tables};
  return std::move(do_commit_snapshots({&commit, 1}).front());
}

std::vector<Result<Receipt>> PostgresStore::do_commit_snapshots(
    std::span<const SnapshotCommit> commits) {
  std::vector<evidence::Seconds> times;
  for (const auto& commit : commits) times.push_back(commit.snapshot->now);
  const auto prepared = prepare_for(times);
  auto group = prepared ? commit_group(commits)
                        : Result<std::vector<Result<Receipt>>>(fail(prepared.error()));
  if (group) return std::move(*group);
  // What is wrong with one of them, or too much for the disk together, is not so for each.
  const auto code = group.error().code();
  const bool is_worth_it = commits.size() > 1 && prepared && code != Code::kUnavailable &&
                           code != Code::kPermissionDenied && code != Code::kIo;
  std::vector<Result<Receipt>> receipts;
  for (const auto& commit : commits) {
    auto receipt = Result<Receipt>(fail(group.error()));
    if (is_worth_it) {
      auto alone = commit_group({&commit, 1});
      receipt = alone ? std::move(alone->front()) : Result<Receipt>(fail(alone.error()));
    }
    receipts.push_back(std::move(receipt));
  }
  return receipts;
}

}  // namespace assay::collector::postgres
