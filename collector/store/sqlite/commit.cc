// Committing snapshots in SQLite: each by itself, or many in one transaction.
#include <set>

#include "collector/store/sql/evidence_rows.h"
#include "collector/store/sql/host_rows.h"
#include "collector/store/sqlite/sqlite_store.h"

namespace assay::collector::sqlite {
namespace {

using sql::Blob;
using sql::KnownTables;

// Whether they are those that the manifest speaks of; notes that they are used.
Status use_tables(Connection& connection, KnownTables& known, const NewSnapshot& snapshot) {
  std::set<evidence::Digest> noted;
  for (const auto& entry : snapshot.manifest.tables) {
    if (!entry.digest) continue;
    const auto facts = known.find(connection, *entry.digest);
    if (auto sound = sql::check_table(entry, facts); !sound) return sound;
    if (!sql::is_use_worth_noting(facts->used_at, snapshot.now)) continue;
    noted.insert(*entry.digest);
    known.learn(*entry.digest, {facts->name, facts->bytes, snapshot.now});
  }
  return sql::note_uses(connection, noted, snapshot.now);
}

Result<std::optional<evidence::Digest>> digest_at(Connection& connection, std::string_view host_id,
                                                  std::int64_t sequence) {
  auto rows = connection.prepare("SELECT digest FROM snapshots WHERE host_id = ? AND sequence = ?");
  auto row = rows.bind(host_id, sequence).step();
  if (!row) return fail(row.error());
  return *row ? std::optional(rows.digest(0)) : std::nullopt;
}

Result<std::optional<Event>> check_chain(Connection& connection, const NewSnapshot& snapshot) {
  const auto& manifest = snapshot.manifest;
  if (!manifest.previous) return std::nullopt;
  const auto before = digest_at(connection, manifest.host_id, manifest.sequence - 1);
  if (!before) return fail(before.error());
  return sql::chain_event(snapshot, *before);
}

Status check_manifest_base(Connection& connection, const NewSnapshot& snapshot) {
  if (!snapshot.manifest_base) return {};
  auto rows = connection.prepare(
      "SELECT 1 FROM snapshots WHERE host_id = ? AND sequence = ? AND manifest_base IS NULL"
      " AND removed_at IS NULL");
  const auto row = rows.bind(snapshot.manifest.host_id, *snapshot.manifest_base).step();
  if (!row) return fail(row.error());
  return *row ? Status() : fail(sql::base_gone(snapshot.manifest));
}

Status insert_snapshot(Connection& connection, const NewSnapshot& snapshot) {
  const auto& manifest = snapshot.manifest;
  const auto started = evidence::from_timestamp(manifest.started);
  const auto ended = evidence::from_timestamp(manifest.ended);
  if (!started || !ended) return fail(Code::kInvalidData, "the manifest has no time");
  auto added =
      connection
          .prepare(
              "INSERT INTO snapshots (digest, host_id, sequence, previous, profile,"
              " started, ended, accepted_at, serial, manifest, signature, manifest_base)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .bind(snapshot.digest, manifest.host_id, manifest.sequence, manifest.previous,
                manifest.profile, *started, *ended, snapshot.now, snapshot.certificate_serial,
                Blob{snapshot.manifest_frame}, Blob{snapshot.signature}, snapshot.manifest_base)
          .run();
  if (!added) return added;
  // An older manifest that comes late does not move the host back.
  return connection
      .prepare(
          "UPDATE hosts SET name = iif(?2 > last_sequence, ?3, name),"
          " profile = iif(?2 > last_sequence, ?4, profile),"
          " last_snapshot = iif(?2 > last_sequence, ?5, last_snapshot),"
          " last_seen = max(coalesce(last_seen, 0), ?6),"
          " last_sequence = max(last_sequence, ?2) WHERE id = ?1")
      .bind(manifest.host_id, manifest.sequence, manifest.host_name, manifest.profile,
            snapshot.digest, snapshot.now)
      .run();
}

// What a transaction does for one snapshot.
Result<Receipt> accept(Connection& connection, KnownTables& known_tables,
                       const SnapshotCommit& commit) {
  const auto& snapshot = *commit.snapshot;
  const auto& manifest = snapshot.manifest;
  auto known = sql::find_receipt(connection, snapshot.digest);
  if (!known) return fail(known.error());
  if (*known) return **known;
  if (auto host = sql::check_host(connection, manifest.host_id); !host) return fail(host.error());
  auto taken = digest_at(connection, manifest.host_id, manifest.sequence);
  if (!taken) return fail(taken.error());
  if (*taken) return fail(sql::fork_of(manifest));
  if (auto sound = sql::check_bases(connection, commit.tables); !sound) return fail(sound.error());
  if (auto done = sql::insert_tables(connection, commit.tables); !done) return fail(done.error());
  if (auto used = use_tables(connection, known_tables, snapshot); !used) return fail(used.error());
  auto event = check_chain(connection, snapshot);
  if (!event) return fail(event.error());
  if (auto sound = check_manifest_base(connection, snapshot); !sound) return fail(sound.error());
  if (*event) {
    if (auto done = sql::insert_event(connection, **event); !done) return fail(done.error());
  }
  if (auto done = insert_snapshot(connection, snapshot); !done) return fail(done.error());
  return Receipt{snapshot.digest, manifest.sequence, snapshot.now, true};
}

}  // namespace

Result<std::vector<evidence::Digest>> SqliteStore::do_missing(
    std::span<const evidence::Digest> digests) {
  std::vector<evidence::Digest> answer;
  const auto unknown = known_tables_.unknown(digests);
  if (unknown.empty()) return answer;
  Reader reader(*this);
  ReadTransaction reading(*reader);
  if (auto begun = reading.begin(); !begun) return fail(begun.error());
  std::set<evidence::Digest> asked;
  for (const auto& digest : unknown) {
    if (!asked.insert(digest).second) continue;
    auto rows = reader->prepare("SELECT 1 FROM tables WHERE digest = ?");
    auto row = rows.bind(digest).step();
    if (!row) return fail(row.error());
    if (!*row) answer.push_back(digest);
  }
  return answer;
}

Status SqliteStore::begin_knowing() {
  // Differs from the last answer when any other connection has committed in between.
  auto version = writer_->prepare("PRAGMA data_version");
  if (const auto row = version.step(); !row) return fail(row.error());
  known_tables_.begin(version.integer(0));
  return {};
}

Result<Receipt> SqliteStore::do_commit_snapshot(const NewSnapshot& snapshot,
                                                std::span<const StoredTable> tables) {
  const std::lock_guard lock(writing_);
  return commit_alone({&snapshot, tables});
}

Result<Receipt> SqliteStore::commit_alone(const SnapshotCommit& commit) {
  Transaction transaction(*writer_);
  if (auto begun = transaction.begin(); !begun) return fail(begun.error());
  if (auto done = begin_knowing(); !done) return fail(done.error());
  auto receipt = accept(*writer_, known_tables_, commit);
  if (receipt) {
    if (auto done = transaction.commit(); !done) receipt = fail(done.error());
  }
  if (!receipt) known_tables_.forget();
  return receipt;
}

std::optional<std::vector<Result<Receipt>>> SqliteStore::commit_group(
    std::span<const SnapshotCommit> commits, Status* failure) {
  std::vector<Result<Receipt>> receipts;
  const auto failed = [&](const Status& status) {
    *failure = status;
    known_tables_.forget();
    return std::nullopt;
  };
  Transaction transaction(*writer_);
  if (auto begun = transaction.begin(); !begun) return failed(begun);
  if (auto done = begin_knowing(); !done) return failed(done);
  for (const auto& commit : commits) {
    Savepoint savepoint(*writer_);
    if (auto begun = savepoint.begin(); !begun) return failed(begun);
    auto receipt = accept(*writer_, known_tables_, commit);
    // A full disk may have taken the others with it.
    if (!receipt && !writer_->is_in_transaction()) return failed(fail(receipt.error()));
    if (receipt) {
      if (auto kept = savepoint.keep(); !kept) return failed(kept);
    } else {
      known_tables_.forget();
    }
    receipts.push_back(std::move(receipt));
  }
  if (auto done = transaction.commit(); !done) return failed(done);
  return receipts;
}

std::vector<Result<Receipt>> SqliteStore::do_commit_snapshots(
    std::span<const SnapshotCommit> commits) {
  const std::lock_guard lock(writing_);
  Status failure;
  if (auto receipts = commit_group(commits, &failure)) return std::move(*receipts);
  std::vector<Result<Receipt>> receipts;
  for (const auto& commit : commits) {
    // What is too much for the disk together may be little enough alone; any other failure would
    // only be waited for once more.
    const bool is_worth_it = failure.error().code() == Code::kNoSpace;
    receipts.push_back(is_worth_it ? commit_alone(commit) : Result<Receipt>(fail(failure.error())));
  }
  return receipts;
}

}  // namespace assay::collector::sqlite
