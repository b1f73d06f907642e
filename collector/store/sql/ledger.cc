// The ledger. What is not in the log yet are the snapshots and acts behind the last ones that were
// sequenced: every engine sees to it that their numbers are the order in which they came.
#include <algorithm>

#include "collector/store/sql/acts.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

evidence::LedgerEntry read_entry(const Statement& row) {
  return {row.digest(0), row.text(1), row.integer(2), row.time(3)};
}

StoredCheckpoint read_checkpoint(const Statement& row) {
  return {{row.integer(0), row.digest(1)}, row.time(2), row.text(3)};
}

constexpr std::string_view kNext =
    "SELECT digest, host_id, sequence, accepted_at, number FROM snapshots"
    " WHERE number > (SELECT last_snapshot FROM ledger_state) ORDER BY number LIMIT ?";

Result<std::int64_t> size_of(Connection& connection) {
  auto rows = connection.prepare("SELECT coalesce(max(number) + 1, 0) FROM ledger_entries");
  return one(
      rows, [](const Statement& row) { return row.integer(0); },
      [&] { return phrase({"no ledger", "沒有帳本"}); });
}

struct Next {
  evidence::LedgerEntry entry;
  std::int64_t number = 0;  // of the snapshot or act
};

Result<std::vector<Next>> next_snapshots(Connection& connection, std::size_t limit) {
  auto rows = connection.prepare(kNext);
  rows.bind(limit);
  return all(rows, [](const Statement& row) { return Next{read_entry(row), row.integer(4)}; });
}

Result<std::vector<Next>> next_acts(Connection& connection, std::size_t limit) {
  const auto acts = acts_behind_the_last(connection, limit);
  if (!acts) return fail(acts.error());
  std::vector<Next> next;
  for (const auto& act : *acts)
    next.push_back(
        {{evidence::sha256(evidence::to_text(act)), {}, act.number, act.at}, act.number});
  return next;
}

Status check_next(const std::vector<Next>& next, std::span<const evidence::LedgerEntry> entries) {
  if (std::ranges::equal(next, entries, {}, &Next::entry)) return {};
  return fail(Code::kConflict, "others come next in the ledger");
}

// Inserts the entries if they are what comes next, and moves the state behind them.
Status insert_entries(Connection& connection, const LedgerAppend& append) {
  const auto first_act = std::ranges::find_if(append.entries, &evidence::LedgerEntry::is_act);
  const std::span snapshots(append.entries.begin(), first_act);
  const std::span acts(first_act, append.entries.end());
  for (const auto& [entries, read, state] :
       {std::tuple(snapshots, &next_snapshots, "UPDATE ledger_state SET last_snapshot = ?"),
        std::tuple(acts, &next_acts, "UPDATE ledger_state SET last_act = ?")}) {
    if (entries.empty()) continue;
    const auto next = read(connection, entries.size());
    if (!next) return fail(next.error());
    if (auto same = check_next(*next, entries); !same) return same;
    if (auto done = connection.prepare(state).bind(next->back().number).queue(); !done) return done;
  }
  std::int64_t index = append.old_size;
  for (const auto& entry : append.entries) {
    auto done = connection
                    .prepare(
                        "INSERT INTO ledger_entries (number, digest, host_id, sequence,"
                        " accepted_at) VALUES (?, ?, ?, ?, ?)")
                    .bind(index++, entry.digest, entry.host_id, entry.sequence, entry.accepted)
                    .queue();
    if (!done) return done;
  }
  return {};
}

Status put_tile(Connection& connection, const evidence::TileId& tile, const std::string& hashes) {
  return connection
      .prepare(
          "INSERT INTO ledger_tiles (level, number, hashes) VALUES (?, ?, ?)"
          " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes")
      .bind(tile.level, tile.index, Blob{hashes})
      .queue();
}

Status put_checkpoint(Connection& connection, const LedgerAppend& append) {
  if (append.replaces_last) {
    auto gone = connection.prepare("DELETE FROM ledger_checkpoints WHERE size = ?")
                    .bind(append.old_size)
                    .queue();
    if (!gone) return gone;
  }
  const auto& [head, at, note] = append.checkpoint;
  return connection
      .prepare("INSERT INTO ledger_checkpoints (size, root, at, note) VALUES (?, ?, ?, ?)")
      .bind(head.size, head.root, at, note)
      .queue();
}

}  // namespace

Result<std::vector<evidence::LedgerEntry>> SqlStore::do_unsequenced(std::size_t limit) {
  return reading([&](Connection& connection) -> Result<std::vector<evidence::LedgerEntry>> {
    std::vector<evidence::LedgerEntry> entries;
    for (const auto read : {next_snapshots, next_acts}) {
      if (entries.size() == limit) break;
      const auto next = read(connection, limit - entries.size());
      if (!next) return fail(next.error());
      std::ranges::transform(*next, std::back_inserter(entries), &Next::entry);
    }
    return entries;
  });
}

Result<Page<evidence::Act>> SqlStore::do_acts(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<evidence::Act>> {
    return acts_after(connection, number_in(page.cursor).value_or(0), page.limit);
  });
}

Status SqlStore::do_append_to_ledger(const LedgerAppend& append) {
  return writing(Lock::kLedger, [&](Connection& connection) -> Status {
    const auto size = size_of(connection);
    if (!size) return fail(size.error());
    if (*size != append.old_size)
      return fail(Code::kConflict, "the ledger has " + std::to_string(*size) + " entries, not " +
                                       std::to_string(append.old_size));
    if (auto done = insert_entries(connection, append); !done) return done;
    for (const auto& [tile, hashes] : append.tiles)
      if (auto done = put_tile(connection, tile, hashes); !done) return done;
    return put_checkpoint(connection, append);
  });
}

Result<std::string> SqlStore::do_ledger_tile(const evidence::TileId& tile) {
  return reading([&](Connection& connection) -> Result<std::string> {
    auto rows =
        connection.prepare("SELECT hashes FROM ledger_tiles WHERE level = ? AND number = ?");
    rows.bind(tile.level, tile.index);
    return one(
        rows, [](const Statement& row) { return row.text(0); },
        [&] { return phrase({"no such tile", "帳本沒有這一塊"}); });
  });
}

Result<StoredCheckpoint> SqlStore::do_checkpoint(std::optional<std::int64_t> size) {
  return reading([&](Connection& connection) -> Result<StoredCheckpoint> {
    auto rows = connection.prepare(
        "SELECT size, root, at, note FROM ledger_checkpoints WHERE ?1 IS NULL OR size = ?1"
        " ORDER BY size DESC LIMIT 1");
    rows.bind(size);
    return one(rows, read_checkpoint,
               [&] { return phrase({"no such checkpoint", "帳本沒有這個檢查點"}); });
  });
}

Result<Page<StoredCheckpoint>> SqlStore::do_checkpoints(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<StoredCheckpoint>> {
    auto rows = connection.prepare(
        "SELECT size, root, at, note FROM ledger_checkpoints"
        " WHERE ?1 IS NULL OR size > ?1 ORDER BY size LIMIT ?2");
    rows.bind(number_in(page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_checkpoint,
                   [](const StoredCheckpoint& last) { return std::to_string(last.head.size); });
  });
}

Result<std::int64_t> SqlStore::do_ledger_index(const evidence::Digest& digest) {
  return reading([&](Connection& connection) -> Result<std::int64_t> {
    auto rows = connection.prepare("SELECT number FROM ledger_entries WHERE digest = ?");
    rows.bind(digest);
    return one(
        rows, [](const Statement& row) { return row.integer(0); },
        [&] { return digest.hex() + " is not in the ledger"; });
  });
}

Result<std::vector<evidence::LedgerEntry>> SqlStore::do_ledger_entries(std::int64_t first,
                                                                       std::size_t limit) {
  return reading([&](Connection& connection) -> Result<std::vector<evidence::LedgerEntry>> {
    auto rows = connection.prepare(
        "SELECT digest, host_id, sequence, accepted_at FROM ledger_entries WHERE number >= ?"
        " ORDER BY number LIMIT ?");
    rows.bind(first, limit);
    return all(rows, read_entry);
  });
}

}  // namespace assay::collector::sql
