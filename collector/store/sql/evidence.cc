// Tables, snapshots and events: what is asked of them, and what every commit writes.
#include <array>

#include "collector/store/sql/evidence_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/snapshot_rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::array kEventKinds = {Event::Kind::kRefusal,
                                    Event::Kind::kFork,
                                    Event::Kind::kSequenceGap,
                                    Event::Kind::kChainBreak,
                                    Event::Kind::kRejectedCertificate,
                                    Event::Kind::kRejectedToken,
                                    Event::Kind::kEvaluation,
                                    Event::Kind::kQuota,
                                    Event::Kind::kLedger,
                                    Event::Kind::kClock};

// As read_snapshot() reads them, of the snapshot `s`.
constexpr std::string_view kSnapshotColumns =
    "s.digest, s.host_id, s.sequence, s.previous, s.profile, s.started, s.ended, s.accepted_at,"
    " s.serial, s.manifest, s.signature, s.removed_at, s.number, s.manifest_base";

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

}  // namespace

std::string select_snapshots(const Connection& connection, std::string_view rest) {
  return std::string("SELECT ")
      .append(kSnapshotColumns)
      .append(" FROM (")
      .append(connection.dialect().whole_snapshots)
      .append(") AS s ")
      .append(rest);
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
  snapshot.removed_at = row.optional_time(11);
  if (!row.is_null(13)) snapshot.manifest_base = row.integer(13);
  return snapshot;
}

Status insert_event(Connection& connection, const Event& event) {
  return connection
      .prepare(
          "INSERT INTO events (host_id, kind, detail, first, last, count)"
          " VALUES (?1, ?2, ?3, ?4, ?4, 1) ON CONFLICT (host_id, kind, detail)"
          " DO UPDATE SET last = CASE WHEN excluded.last >"
          " events.last THEN excluded.last ELSE events.last END, count = events.count + 1")
      .bind(event.host_id, name_of(event.kind), event.detail, event.last)
      .queue();
}

Result<std::optional<Receipt>> find_receipt(Connection& connection,
                                            const evidence::Digest& digest) {
  auto rows = connection.prepare("SELECT sequence, accepted_at FROM snapshots WHERE digest = ?");
  auto row = rows.bind(digest).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return Receipt{digest, rows.integer(0), rows.time(1), false};
}

Status check_table(const evidence::ManifestEntry& entry, const Result<KnownTables::Facts>& facts) {
  if (!facts && facts.error().code() == Code::kNotFound)
    return fail(Code::kNotFound, "table " + entry.name + " is not stored");
  if (!facts) return fail(facts.error());
  if (facts->name != entry.name || facts->bytes != entry.bytes) {
    return fail(Code::kInvalidData, "the digest of table " + entry.name + " is that of " +
                                        facts->name + " with " + std::to_string(facts->bytes) +
                                        " bytes");
  }
  return {};
}

std::optional<Event> chain_event(const NewSnapshot& snapshot,
                                 const std::optional<evidence::Digest>& before) {
  const auto& manifest = snapshot.manifest;
  Event event;
  event.host_id = manifest.host_id;
  event.last = snapshot.now;
  if (!before) {
    event.kind = Event::Kind::kSequenceGap;
    event.detail =
        "manifest " + std::to_string(manifest.sequence) + " came without the one before it";
    return event;
  }
  if (*before == manifest.previous) return std::nullopt;
  event.kind = Event::Kind::kChainBreak;
  event.detail = "manifest " + std::to_string(manifest.sequence) + " does not follow manifest " +
                 std::to_string(manifest.sequence - 1);
  return event;
}

Error fork_of(const evidence::Manifest& manifest) {
  return {Code::kConflict, "another manifest " + std::to_string(manifest.sequence) +
                               " of this host was accepted before"};
}

std::set<evidence::Digest> digests_of(std::span<const StoredTable> tables) {
  std::set<evidence::Digest> digests;
  for (const auto& table : tables) digests.insert(table.facts.digest);
  return digests;
}

bool is_use_worth_noting(evidence::Seconds used_at, evidence::Seconds now) {
  return used_at < now - kUseGrain;
}

Status note_uses(Connection& connection, const std::set<evidence::Digest>& digests,
                 evidence::Seconds now) {
  for (const auto& digest : digests) {
    auto done = connection
                    .prepare(
                        "INSERT INTO table_uses (digest, used_at) VALUES (?, ?) ON CONFLICT"
                        " (digest) DO UPDATE SET used_at = excluded.used_at"
                        " WHERE table_uses.used_at < excluded.used_at")
                    .bind(digest, now)
                    .queue();
    if (!done) return done;
  }
  return {};
}

Error base_gone(const StoredTable& table) {
  return {Code::kNotFound, "what table " + table.facts.name + " differs from is not stored whole"};
}

Error base_gone(const evidence::Manifest& manifest) {
  return {Code::kNotFound, "what manifest " + std::to_string(manifest.sequence) +
                               " differs from is not stored whole"};
}

Status check_bases(Connection& connection, std::span<const StoredTable> tables) {
  for (const auto& table : tables) {
    if (!table.base) continue;
    auto rows = connection.prepare("SELECT 1 FROM tables WHERE digest = ? AND base IS NULL");
    const auto row = rows.bind(*table.base).step();
    if (!row) return fail(row.error());
    if (!*row) return fail(base_gone(table));
  }
  return {};
}

Status insert_tables(Connection& connection, std::span<const StoredTable> tables) {
  for (const auto& table : tables) {
    auto done = connection
                    .prepare(
                        "INSERT INTO tables (digest, name, bytes, frame, base)"
                        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING")
                    .bind(table.facts.digest, table.facts.name, table.facts.bytes,
                          Blob{table.frame}, table.base)
                    .queue();
    if (!done) return done;
  }
  return {};
}

Status SqlStore::do_put_tables(std::span<const StoredTable> tables, evidence::Seconds now) {
  return writing(Lock::kRefers, [&](Connection& connection) -> Status {
    if (auto sound = check_bases(connection, tables); !sound) return sound;
    if (auto done = insert_tables(connection, tables); !done) return done;
    return note_uses(connection, digests_of(tables), now);
  });
}

Result<StoredTable> SqlStore::do_table(const evidence::Digest& digest) {
  return reading([&](Connection& connection) -> Result<StoredTable> {
    auto rows = connection.prepare("SELECT name, bytes, frame, base FROM tables WHERE digest = ?");
    auto row = rows.bind(digest).step();
    if (!row) return fail(row.error());
    if (!*row) return refuse(Code::kNotFound, {"no table {}", "找不到資料表 {}"}, digest.hex());
    StoredTable table{{digest, rows.text(0), rows.integer(1), 0, std::nullopt},
                      rows.text(2),
                      rows.optional_digest(3)};
    table.facts.stored_bytes = static_cast<std::int64_t>(table.frame.size());
    return table;
  });
}

KeptTable read_kept_table(const Statement& row) {
  const auto stored = [&row](int first) {
    StoredTable table{{row.digest(first), row.text(first + 1), row.integer(first + 2), 0, {}},
                      row.text(first + 3),
                      {}};
    table.facts.stored_bytes = static_cast<std::int64_t>(table.frame.size());
    return table;
  };
  KeptTable kept{stored(0), std::nullopt};
  kept.table.base = row.optional_digest(4);
  if (!row.is_null(5)) kept.base = stored(5);
  return kept;
}

Result<std::vector<std::optional<KeptTable>>> SqlStore::do_kept_tables(
    std::span<const evidence::Digest> digests, std::int64_t most_bytes) {
  return reading([&](Connection& connection) -> Result<std::vector<std::optional<KeptTable>>> {
    std::vector<std::optional<KeptTable>> found;
    for (const auto& digest : digests) {
      auto row = connection.prepare(
          "SELECT t.digest, t.name, t.bytes, t.frame, t.base, b.digest, b.name, b.bytes, b.frame"
          " FROM tables t LEFT JOIN tables b ON b.digest = t.base AND b.base IS NULL"
          " WHERE t.digest = ?1 AND length(t.frame) <= ?2"
          " AND (t.base IS NULL OR length(b.frame) <= ?2)");
      const auto is_there = row.bind(digest, most_bytes).step();
      if (!is_there) return fail(is_there.error());
      found.push_back(*is_there ? std::optional(read_kept_table(row)) : std::nullopt);
    }
    return found;
  });
}

Result<Page<TableFacts>> SqlStore::do_stored_tables(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<TableFacts>> {
    auto rows = connection.prepare(
        "SELECT t.digest, t.name, t.bytes, length(t.frame), u.used_at FROM tables t"
        " LEFT JOIN table_uses u ON u.digest = t.digest WHERE ?1 IS NULL OR t.digest > ?1"
        " ORDER BY t.digest LIMIT ?2");
    const auto after = evidence::Digest::from_hex(page.cursor);
    rows.bind(after ? std::optional(*after) : std::nullopt, page.limit + 1);
    return page_of(
        rows, page.limit,
        [](const Statement& row) {
          return TableFacts{row.digest(0), row.text(1), row.integer(2), row.integer(3),
                            row.optional_time(4)};
        },
        [](const TableFacts& last) { return last.digest.hex(); });
  });
}

Result<Receipt> SqlStore::do_receipt(const evidence::Digest& digest) {
  return reading([&](Connection& connection) -> Result<Receipt> {
    auto receipt = find_receipt(connection, digest);
    if (!receipt) return fail(receipt.error());
    if (!*receipt)
      return refuse(Code::kNotFound, {"no snapshot {}", "找不到快照 {}"}, digest.hex());
    return **receipt;
  });
}

Result<Snapshot> SqlStore::do_snapshot(const evidence::Digest& digest) {
  return reading([&](Connection& connection) -> Result<Snapshot> {
    auto rows = connection.prepare(select_snapshots(connection, "WHERE digest = ?"));
    rows.bind(digest);
    return one(rows, read_snapshot,
               [&] { return phrase({"no snapshot {}", "找不到快照 {}"}, digest.hex()); });
  });
}

Result<DeliveryBasis> SqlStore::do_delivery_basis(std::string_view serial,
                                                  const std::optional<evidence::Digest>& base) {
  return reading([&](Connection& connection) -> Result<DeliveryBasis> {
    const std::string whole(connection.dialect().whole_snapshots);
    // What the base differs from is asked for by itself for the one that was found: joined, it is a
    // join of its own to a planner, which reads all of it. And of what it does not see (SELECT ?1)
    // it makes no better plan, each time anew.
    auto rows = connection.prepare(
        "SELECT " + std::string(kSnapshotColumns) + ", (SELECT w.manifest FROM (" + whole +
        ") AS w WHERE w.host_id = s.host_id AND w.sequence = s.manifest_base"
        " AND w.manifest_base IS NULL AND w.removed_at IS NULL),"
        " c.host_id, c.not_before, c.not_after, c.revoked_at"
        " FROM (SELECT 1 AS one) AS one LEFT JOIN certificates c ON c.serial = (SELECT ?1)"
        " LEFT JOIN (" +
        whole + ") AS s ON s.digest = (SELECT ?2)");
    rows.bind(serial, base);
    const auto row = rows.step();
    if (!row) return fail(row.error());
    DeliveryBasis basis;
    if (!rows.is_null(0)) basis.base = read_snapshot(rows);
    basis.whole_frame = rows.text(14);
    if (!rows.is_null(15)) {
      basis.certificate = Certificate{std::string(serial), rows.text(15),          rows.time(16),
                                      rows.time(17),       rows.optional_time(18), {}};
    }
    return basis;
  });
}

Result<Page<Snapshot>> SqlStore::do_snapshots(std::string_view host_id, const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Snapshot>> {
    auto rows =
        connection.prepare(select_snapshots(connection,
                                            "WHERE host_id = ?1 AND (?2 IS NULL OR sequence < ?2)"
                                            " ORDER BY sequence DESC LIMIT ?3"));
    rows.bind(host_id, number_in(page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_snapshot,
                   [](const Snapshot& last) { return std::to_string(last.sequence); });
  });
}

Result<Snapshot> SqlStore::do_snapshot_at(std::string_view host_id, evidence::Seconds as_of) {
  return reading([&](Connection& connection) -> Result<Snapshot> {
    auto rows = connection.prepare(select_snapshots(connection,
                                                    "WHERE host_id = ? AND accepted_at <= ?"
                                                    " ORDER BY sequence DESC LIMIT 1"));
    rows.bind(host_id, as_of);
    return one(rows, read_snapshot, [&] {
      return phrase({"no snapshot of that host at that time", "當時沒有這部主機的快照"});
    });
  });
}

Result<std::vector<evidence::Seconds>> SqlStore::do_accepted_since(std::string_view host_id,
                                                                   evidence::Seconds from) {
  return reading([&](Connection& connection) -> Result<std::vector<evidence::Seconds>> {
    auto rows = connection.prepare(
        "SELECT accepted_at FROM snapshots WHERE host_id = ? AND accepted_at >= ?"
        " ORDER BY accepted_at");
    rows.bind(host_id, from);
    return all(rows, [](const Statement& row) { return row.time(0); });
  });
}

Status SqlStore::do_add_event(const Event& event) {
  return writing(Lock::kNone,
                 [&](Connection& connection) -> Status { return insert_event(connection, event); });
}

Result<Page<Event>> SqlStore::do_events(std::string_view host_id, const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Event>> {
    auto rows = connection.prepare(
        "SELECT number, host_id, kind, detail, first, last, count FROM events"
        " WHERE (?1 = '' OR host_id = ?1) AND (?2 IS NULL OR (last, number) <"
        " (SELECT last, number FROM events WHERE number = ?2))"
        " ORDER BY last DESC, number DESC LIMIT ?3");
    rows.bind(host_id, number_in(page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_event, [](const Event& last) { return last.id; });
  });
}

}  // namespace assay::collector::sql
