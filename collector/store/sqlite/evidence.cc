// Tables, snapshots and events in SQLite.
#include <set>

#include "collector/store/sqlite/evidence_rows.h"
#include "collector/store/sqlite/rows.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sqlite {
namespace {

constexpr std::string_view kSnapshotColumns =
    "SELECT digest, host_id, sequence, previous, profile, started, ended, accepted_at, serial,"
    " manifest, signature FROM snapshots ";

std::string sql(std::string_view columns, std::string_view rest) {
  return std::string(columns).append(rest);
}

Snapshot read_snapshot(const Statement& row) {
  Snapshot snapshot;
  snapshot.digest = row.digest(0);
  snapshot.host_id = row.text(1);
  snapshot.sequence = row.integer(2);
  snapshot.previous = row.optional_digest(3);
  snapshot.profile = row.text(4);
  snapshot.started = row.time(5);
  snapshot.ended = row.time(6);
  snapshot.accepted_at = row.time(7);
  snapshot.certificate_serial = row.text(8);
  snapshot.manifest_frame = row.text(9);
  snapshot.signature = row.text(10);
  return snapshot;
}

constexpr std::array kEventKinds = {Event::Kind::kRefusal,
                                    Event::Kind::kFork,
                                    Event::Kind::kSequenceGap,
                                    Event::Kind::kChainBreak,
                                    Event::Kind::kRejectedCertificate,
                                    Event::Kind::kRejectedToken,
                                    Event::Kind::kEvaluation,
                                    Event::Kind::kQuota,
                                    Event::Kind::kLedger};

Event read_event(const Statement& row) {
  Event event;
  event.id = std::to_string(row.integer(0));
  event.host_id = row.text(1);
  for (const auto kind : kEventKinds)
    if (name_of(kind) == row.text(2)) event.kind = kind;
  event.detail = row.text(3);
  event.first = row.time(4);
  event.last = row.time(5);
  event.count = row.integer(6);
  return event;
}

Status insert_event(Connection& connection, const Event& event) {
  return connection
      .prepare(
          "INSERT INTO events (host_id, kind, detail, first, last, count)"
          " VALUES (?1, ?2, ?3, ?4, ?4, 1) ON CONFLICT (host_id, kind, detail)"
          " DO UPDATE SET last = max(last, excluded.last), count = count + 1")
      .bind(event.host_id, name_of(event.kind), event.detail, event.last)
      .run();
}

// Every table that the manifest lists is stored under its name and with its size.
Status check_tables(Connection& connection, KnownTables& known,
                    const evidence::Manifest& manifest) {
  for (const auto& entry : manifest.tables) {
    if (!entry.digest) continue;
    const auto facts = known.find(connection, *entry.digest);
    if (!facts && facts.error().code() == Code::kNotFound)
      return fail(Code::kNotFound, "table " + entry.name + " is not stored");
    if (!facts) return fail(facts.error());
    if (facts->name != entry.name || facts->bytes != entry.bytes) {
      return fail(Code::kInvalidData, "the digest of table " + entry.name + " is that of " +
                                          facts->name + " with " + std::to_string(facts->bytes) +
                                          " bytes");
    }
  }
  return {};
}

Result<std::optional<Receipt>> find_receipt(Connection& connection,
                                            const evidence::Digest& digest) {
  auto rows = connection.prepare("SELECT sequence, accepted_at FROM snapshots WHERE digest = ?");
  auto row = rows.bind(digest).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return Receipt{digest, rows.integer(0), rows.time(1), false};
}

Result<std::optional<evidence::Digest>> digest_at(Connection& connection, std::string_view host_id,
                                                  std::int64_t sequence) {
  auto rows = connection.prepare("SELECT digest FROM snapshots WHERE host_id = ? AND sequence = ?");
  auto row = rows.bind(host_id, sequence).step();
  if (!row) return fail(row.error());
  return *row ? std::optional(rows.digest(0)) : std::nullopt;
}

// What the chain says when `manifest` joins it: nothing, or an event to be recorded.
Result<std::optional<Event>> check_chain(Connection& connection, const NewSnapshot& snapshot) {
  const auto& manifest = snapshot.manifest;
  Event event;
  event.host_id = manifest.host_id;
  event.last = snapshot.now;
  if (manifest.previous) {
    auto before = digest_at(connection, manifest.host_id, manifest.sequence - 1);
    if (!before) return fail(before.error());
    if (!*before) {
      event.kind = Event::Kind::kSequenceGap;
      event.detail =
          "manifest " + std::to_string(manifest.sequence) + " came without the one before it";
      return event;
    }
    if (**before != *manifest.previous) {
      event.kind = Event::Kind::kChainBreak;
      event.detail = "manifest " + std::to_string(manifest.sequence) +
                     " does not follow manifest " + std::to_string(manifest.sequence - 1);
      return event;
    }
  }
  return std::nullopt;
}

Status check_host(Connection& connection, const std::string& host_id) {
  auto rows = connection.prepare("SELECT revoked_at FROM hosts WHERE id = ?");
  auto row = rows.bind(host_id).step();
  if (!row) return fail(row.error());
  if (!*row) return refuse(Code::kNotFound, {"no host {}", "找不到主機 {}"}, host_id);
  if (!rows.is_null(0)) return refuse(Code::kRefused, {"the host is revoked", "這部主機已撤銷"});
  return {};
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
              " started, ended, accepted_at, serial, manifest, signature)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .bind(snapshot.digest, manifest.host_id, manifest.sequence, manifest.previous,
                manifest.profile, *started, *ended, snapshot.now, snapshot.certificate_serial,
                Blob{snapshot.manifest_frame}, Blob{snapshot.signature})
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

}  // namespace

Status insert_tables(Connection& connection, std::span<const StoredTable> tables) {
  for (const auto& table : tables) {
    auto done =
        connection
            .prepare(
                "INSERT INTO tables (digest, name, bytes, frame)"
                " VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING")
            .bind(table.facts.digest, table.facts.name, table.facts.bytes, Blob{table.frame})
            .run();
    if (!done) return done;
  }
  return {};
}

namespace {

// What a transaction does for one snapshot.
Result<Receipt> accept(Connection& connection, KnownTables& known_tables,
                       const SnapshotCommit& commit) {
  const auto& snapshot = *commit.snapshot;
  const auto& manifest = snapshot.manifest;
  auto known = find_receipt(connection, snapshot.digest);
  if (!known) return fail(known.error());
  if (*known) return **known;
  if (auto host = check_host(connection, manifest.host_id); !host) return fail(host.error());
  auto taken = digest_at(connection, manifest.host_id, manifest.sequence);
  if (!taken) return fail(taken.error());
  if (*taken) {
    return fail(Code::kConflict, "another manifest " + std::to_string(manifest.sequence) +
                                     " of this host was accepted before");
  }
  if (auto done = insert_tables(connection, commit.tables); !done) return fail(done.error());
  if (auto sound = check_tables(connection, known_tables, manifest); !sound)
    return fail(sound.error());
  auto event = check_chain(connection, snapshot);
  if (!event) return fail(event.error());
  if (*event) {
    if (auto done = insert_event(connection, **event); !done) return fail(done.error());
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

Status SqliteStore::do_put_tables(std::span<const StoredTable> tables) {
  const std::lock_guard lock(writing_);
  Transaction transaction(*writer_);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto done = insert_tables(*writer_, tables); !done) return done;
  return transaction.commit();
}

Result<StoredTable> SqliteStore::do_table(const evidence::Digest& digest) {
  Reader reader(*this);
  auto rows = reader->prepare("SELECT name, bytes, frame FROM tables WHERE digest = ?");
  auto row = rows.bind(digest).step();
  if (!row) return fail(row.error());
  if (!*row) return refuse(Code::kNotFound, {"no table {}", "找不到資料表 {}"}, digest.hex());
  StoredTable table{{digest, rows.text(0), rows.integer(1), 0}, rows.text(2)};
  table.facts.stored_bytes = static_cast<std::int64_t>(table.frame.size());
  return table;
}

Result<Page<TableFacts>> SqliteStore::do_stored_tables(const PageRequest& page) {
  Reader reader(*this);
  auto rows = reader->prepare(
      "SELECT digest, name, bytes, length(frame) FROM tables WHERE ?1 IS NULL OR digest > ?1"
      " ORDER BY digest LIMIT ?2");
  const auto after = evidence::Digest::from_hex(page.cursor);
  rows.bind(after ? std::optional(*after) : std::nullopt, page.limit + 1);
  return page_of(
      rows, page.limit,
      [](const Statement& row) {
        return TableFacts{row.digest(0), row.text(1), row.integer(2), row.integer(3)};
      },
      [](const TableFacts& last) { return last.digest.hex(); });
}

Result<Receipt> SqliteStore::do_commit_snapshot(const NewSnapshot& snapshot,
                                                std::span<const StoredTable> tables) {
  const std::lock_guard lock(writing_);
  return commit_alone({&snapshot, tables});
}

Result<Receipt> SqliteStore::commit_alone(const SnapshotCommit& commit) {
  Transaction transaction(*writer_);
  if (auto begun = transaction.begin(); !begun) return fail(begun.error());
  if (auto done = known_tables_.begin(*writer_); !done) return fail(done.error());
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
  if (auto done = known_tables_.begin(*writer_); !done) return failed(done);
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

Result<Receipt> SqliteStore::do_receipt(const evidence::Digest& digest) {
  Reader reader(*this);
  auto receipt = find_receipt(*reader, digest);
  if (!receipt) return fail(receipt.error());
  if (!*receipt) return refuse(Code::kNotFound, {"no snapshot {}", "找不到快照 {}"}, digest.hex());
  return **receipt;
}

Result<Snapshot> SqliteStore::do_snapshot(const evidence::Digest& digest) {
  Reader reader(*this);
  auto rows = reader->prepare(sql(kSnapshotColumns, "WHERE digest = ?"));
  rows.bind(digest);
  return one(rows, read_snapshot, phrase({"no snapshot {}", "找不到快照 {}"}, digest.hex()));
}

Result<Page<Snapshot>> SqliteStore::do_snapshots(std::string_view host_id,
                                                 const PageRequest& page) {
  Reader reader(*this);
  auto rows =
      reader->prepare(sql(kSnapshotColumns,
                          "WHERE host_id = ?1 AND (?2 = '' OR sequence < CAST(?2 AS INTEGER))"
                          " ORDER BY sequence DESC LIMIT ?3"));
  rows.bind(host_id, page.cursor, page.limit + 1);
  return page_of(rows, page.limit, read_snapshot,
                 [](const Snapshot& last) { return std::to_string(last.sequence); });
}

Result<Snapshot> SqliteStore::do_snapshot_at(std::string_view host_id, evidence::Seconds as_of) {
  Reader reader(*this);
  auto rows = reader->prepare(sql(kSnapshotColumns,
                                  "WHERE host_id = ? AND accepted_at <= ?"
                                  " ORDER BY sequence DESC LIMIT 1"));
  rows.bind(host_id, as_of);
  return one(rows, read_snapshot,
             phrase({"no snapshot of that host at that time", "當時沒有這部主機的快照"}));
}

Result<std::vector<evidence::Seconds>> SqliteStore::do_accepted_since(std::string_view host_id,
                                                                      evidence::Seconds from) {
  Reader reader(*this);
  auto rows = reader->prepare(
      "SELECT accepted_at FROM snapshots WHERE host_id = ? AND accepted_at >= ?"
      " ORDER BY accepted_at");
  rows.bind(host_id, from);
  return all(rows, [](const Statement& row) { return row.time(0); });
}

Status SqliteStore::do_add_event(const Event& event) {
  const std::lock_guard lock(writing_);
  return insert_event(*writer_, event);
}

Result<Page<Event>> SqliteStore::do_events(std::string_view host_id, const PageRequest& page) {
  Reader reader(*this);
  auto rows = reader->prepare(
      "SELECT number, host_id, kind, detail, first, last, count FROM events"
      " WHERE (?1 = '' OR host_id = ?1) AND (?2 = '' OR (last, number) <"
      " (SELECT last, number FROM events WHERE number = CAST(?2 AS INTEGER)))"
      " ORDER BY last DESC, number DESC LIMIT ?3");
  rows.bind(host_id, page.cursor, page.limit + 1);
  return page_of(rows, page.limit, read_event, [](const Event& last) { return last.id; });
}

}  // namespace assay::collector::sqlite
