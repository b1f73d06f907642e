#include "collector/store/postgres/group_commit.h"

#include <initializer_list>

#include "collector/store/postgres/array.h"
#include "collector/store/sql/evidence_rows.h"
#include "collector/store/sql/host_rows.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::postgres {
namespace {

// What is said of many rows, column by column.
void send(Query& query, std::initializer_list<const Array*> columns) {
  for (const auto* column : columns) query->bind_array(*column);
  query->send();
}

std::int64_t seconds(evidence::Seconds time) {
  return time.time_since_epoch().count();
}

}  // namespace

Result<std::vector<Result<Receipt>>> GroupCommit::run() {
  if (auto done = look(); !done) return fail(done.error());
  if (auto done = look_for_tables(); !done) return fail(done.error());
  if (auto done = look_for_bases(); !done) return fail(done.error());
  std::vector<Result<Receipt>> receipts;
  for (const auto& commit : commits_) receipts.push_back(judge(commit));
  if (!accepted_.empty())
    if (auto done = write(); !done) return fail(done.error());
  return receipts;
}

Status GroupCommit::look() {
  std::set<std::string> ids;
  std::set<std::pair<std::string_view, std::int64_t>> places;
  Array hosts(kText);
  Array places_host(kText);
  Array places_sequence(kInt8);
  for (const auto& commit : commits_) {
    const auto& manifest = commit.snapshot->manifest;
    ids.insert(manifest.host_id);
    const auto base = commit.snapshot->manifest_base.value_or(manifest.sequence);
    for (const auto sequence : {manifest.sequence, manifest.sequence - 1, base}) {
      if (!places.emplace(manifest.host_id, sequence).second) continue;
      places_host.add(manifest.host_id);
      places_sequence.add(sequence);
    }
  }
  for (const auto& id : ids) hosts.add(id);
  // Shared with other commits: whoever takes tables away takes it for himself, and counts up.
  Query removals(connection_,
                 "SELECT s.removals, pg_advisory_xact_lock_shared(hashtext(current_schema()), 5)"
                 " FROM store_state s");
  removals->send();
  // One look into an index for each, also for a planner who saw the table empty or small; of arrays
  // whose length it does not see (SELECT ?1) it does not make a plan each time anew. In the order
  // of their ids, so that two groups cannot each wait for the other.
  Query host_rows(connection_,
                  "SELECT h.id, h.is_revoked FROM unnest((SELECT ?1)) AS a (id) JOIN LATERAL"
                  " (SELECT id, revoked_at IS NOT NULL AS is_revoked FROM hosts WHERE id = a.id"
                  " FOR NO KEY UPDATE) AS h ON true");
  send(host_rows, {&hosts});
  // Behind the lock, so that it sees what others committed until they gave it up. OFFSET 0 keeps
  // the planner from making a join of it.
  Query snapshot_rows(
      connection_,
      "SELECT a.host_id, a.sequence, s.digest, s.accepted_at, s.is_whole FROM"
      " unnest((SELECT ?1), (SELECT ?2)) AS a (host_id, sequence) JOIN LATERAL"
      " (SELECT digest, accepted_at, manifest_base IS NULL AND removed_at IS NULL AS is_whole"
      " FROM snapshots WHERE host_id = a.host_id AND sequence = a.sequence OFFSET 0) AS s ON true");
  send(snapshot_rows, {&places_host, &places_sequence});
  if (const auto row = removals->step(); !row) return fail(row.error());
  known_.begin(removals->integer(0));
  auto read = sql::each(host_rows.rows(), [&](const sql::Statement& row) {
    hosts_.emplace(row.text(0), row.integer(1) != 0);
  });
  if (!read) return read;
  return sql::each(snapshot_rows.rows(), [&](const sql::Statement& row) {
    snapshots_[{row.text(0), row.integer(1)}] = {row.digest(2), row.time(3), row.integer(4) != 0};
  });
}

Status GroupCommit::look_for_tables() {
  Array unknown(kBytea);
  std::set<evidence::Digest> asked;
  for (const auto& commit : commits_) {
    for (const auto& entry : commit.snapshot->manifest.tables) {
      if (!entry.digest || !asked.insert(*entry.digest).second) continue;
      if (auto facts = known_.recall(*entry.digest))
        tables_.emplace(*entry.digest, std::move(*facts));
      else
        unknown.add(*entry.digest);
    }
  }
  if (unknown.size() == 0) return {};
  Query found(connection_,
              "SELECT t.digest, t.name, t.bytes, coalesce(t.used_at, 0) FROM unnest((SELECT ?1))"
              " AS a (digest) JOIN LATERAL (SELECT t.digest, t.name, t.bytes, u.used_at FROM tables"
              " t LEFT JOIN table_uses u ON u.digest = t.digest WHERE t.digest = a.digest OFFSET 0)"
              " AS t ON true");
  found->bind_array(unknown);
  return sql::each(found.rows(), [&](const sql::Statement& row) {
    const sql::KnownTables::Facts facts{row.text(1), row.integer(2), row.time(3)};
    known_.learn(row.digest(0), facts);
    tables_.emplace(row.digest(0), facts);
  });
}

Status GroupCommit::look_for_bases() {
  Array asked(kBytea);
  for (const auto& commit : commits_)
    for (const auto& table : commit.tables)
      if (table.base && bases_.insert(*table.base).second) asked.add(*table.base);
  if (asked.size() == 0) return {};
  bases_.clear();
  Query found(connection_, "SELECT digest FROM tables WHERE digest = ANY(?1) AND base IS NULL");
  found->bind_array(asked);
  return sql::each(found.rows(), [&](const sql::Statement& row) { bases_.insert(row.digest(0)); });
}

Status GroupCommit::check_bases(const SnapshotCommit& commit) const {
  for (const auto& table : commit.tables)
    if (table.base && !bases_.contains(*table.base)) return fail(sql::base_gone(table));
  const auto& snapshot = *commit.snapshot;
  if (!snapshot.manifest_base) return {};
  const auto base = snapshots_.find({snapshot.manifest.host_id, *snapshot.manifest_base});
  if (base == snapshots_.end() || !base->second.is_whole)
    return fail(sql::base_gone(snapshot.manifest));
  return {};
}

Status GroupCommit::check_host(const std::string& host_id) const {
  const auto host = hosts_.find(host_id);
  return sql::check_standing(host_id,
                             host == hosts_.end() ? std::nullopt : std::optional(host->second));
}

Status GroupCommit::check_tables(const SnapshotCommit& commit) {
  std::map<evidence::Digest, sql::KnownTables::Facts> mine;
  for (const auto& table : commit.tables)
    mine.emplace(table.facts.digest,
                 sql::KnownTables::Facts{table.facts.name, table.facts.bytes, {}});
  for (const auto& entry : commit.snapshot->manifest.tables) {
    if (!entry.digest) continue;
    auto there = tables_.find(*entry.digest);
    Result<sql::KnownTables::Facts> facts = fail(Code::kNotFound, entry.name);
    if (there != tables_.end())
      facts = there->second;
    else if ((there = mine.find(*entry.digest)) != mine.end())
      facts = there->second;
    if (auto sound = sql::check_table(entry, facts); !sound) return sound;
  }
  // What is stored already keeps its name.
  tables_.merge(mine);
  return {};
}

Result<Receipt> GroupCommit::judge(const SnapshotCommit& commit) {
  const auto& snapshot = *commit.snapshot;
  const auto& manifest = snapshot.manifest;
  const auto there = snapshots_.find({manifest.host_id, manifest.sequence});
  if (there != snapshots_.end() && there->second.digest == snapshot.digest)
    return Receipt{snapshot.digest, manifest.sequence, there->second.accepted_at, false};
  if (auto host = check_host(manifest.host_id); !host) return fail(host.error());
  if (there != snapshots_.end()) return fail(sql::fork_of(manifest));
  if (!evidence::from_timestamp(manifest.started) || !evidence::from_timestamp(manifest.ended))
    return fail(Code::kInvalidData, "the manifest has no time");
  if (auto sound = check_bases(commit); !sound) return fail(sound.error());
  if (auto sound = check_tables(commit); !sound) return fail(sound.error());
  if (manifest.previous) {
    const auto before = snapshots_.find({manifest.host_id, manifest.sequence - 1});
    auto event = sql::chain_event(
        snapshot, before == snapshots_.end() ? std::nullopt : std::optional(before->second.digest));
    if (event) events_.push_back(std::move(*event));
  }
  snapshots_[{manifest.host_id, manifest.sequence}] = {snapshot.digest, snapshot.now,
                                                       !snapshot.manifest_base};
  accepted_.push_back(&commit);
  return Receipt{snapshot.digest, manifest.sequence, snapshot.now, true};
}

Status GroupCommit::write() {
  write_tables();
  note_uses();
  for (const auto& event : events_)
    if (auto done = sql::insert_event(connection_, event); !done) return done;
  write_hosts();
  write_manifests();
  // From here to the COMMIT one at a time, so that the numbers of snapshots are given in the order
  // in which they are accepted: nobody ever sees a number who does not see all before it.
  if (auto done = connection_.prepare("SELECT pg_advisory_xact_lock(hashtext(current_schema()), 1)")
                      .queue();
      !done)
    return done;
  write_snapshots();
  return {};
}

void GroupCommit::write_tables() {
  // Each once and in one order, so that two who bring the same ones do not wait for each other.
  std::map<evidence::Digest, const StoredTable*> tables;
  for (const auto* commit : accepted_)
    for (const auto& table : commit->tables) tables.emplace(table.facts.digest, &table);
  if (tables.empty()) return;
  Array digests(kBytea);
  Array names(kText);
  Array sizes(kInt8);
  Array frames(kBytea);
  Array bases(kBytea);
  for (const auto& [digest, table] : tables) {
    digests.add(digest);
    names.add(table->facts.name);
    sizes.add(table->facts.bytes);
    frames.add(table->frame);
    bases.add(table->base);
  }
  Query insert(connection_,
               "INSERT INTO tables (digest, name, bytes, frame, base) SELECT n.digest, n.name,"
               " n.bytes, n.frame, n.base FROM unnest(?1, ?2, ?3, ?4, ?5) WITH ORDINALITY AS n"
               " (digest, name, bytes, frame, base, place) ORDER BY n.place"
               " ON CONFLICT (digest) DO NOTHING");
  send(insert, {&digests, &names, &sizes, &frames, &bases});
}

void GroupCommit::note_uses() {
  std::set<evidence::Digest> noted;
  evidence::Seconds now{};
  for (const auto* commit : accepted_) {
    now = std::max(now, commit->snapshot->now);
    for (const auto& entry : commit->snapshot->manifest.tables)
      if (entry.digest &&
          sql::is_use_worth_noting(tables_.at(*entry.digest).used_at, commit->snapshot->now))
        noted.insert(*entry.digest);
  }
  if (noted.empty()) return;
  Array digests(kBytea);
  for (const auto& digest : noted) {
    digests.add(digest);
    // Until it is committed nothing is known of it: the next group reads it.
    known_.forget(digest);
  }
  Query insert(connection_,
               "INSERT INTO table_uses (digest, used_at) SELECT n.digest, ?2 FROM unnest(?1)"
               " WITH ORDINALITY AS n (digest, place) ORDER BY n.place ON CONFLICT (digest) DO"
               " UPDATE SET used_at = excluded.used_at WHERE table_uses.used_at <"
               " excluded.used_at");
  insert->bind_array(digests);
  insert->bind_integer(seconds(now));
  insert->send();
}

void GroupCommit::write_hosts() {
  struct Move {
    const NewSnapshot* last = nullptr;
    evidence::Seconds seen{};
  };
  std::map<std::string_view, Move> moves;
  for (const auto* commit : accepted_) {
    auto& [last, seen] = moves[commit->snapshot->manifest.host_id];
    if (last == nullptr || commit->snapshot->manifest.sequence > last->manifest.sequence)
      last = commit->snapshot;
    seen = std::max(seen, commit->snapshot->now);
  }
  Array ids(kText);
  Array sequences(kInt8);
  Array names(kText);
  Array profiles(kText);
  Array digests(kBytea);
  Array times(kInt8);
  for (const auto& [id, move] : moves) {
    ids.add(id);
    sequences.add(move.last->manifest.sequence);
    names.add(move.last->manifest.host_name);
    profiles.add(move.last->manifest.profile);
    digests.add(move.last->digest);
    times.add(seconds(move.seen));
  }
  // An older manifest that comes late does not move the host back. All of these hosts are there,
  // and locked: said as an insertion that finds them, it looks each one up, however the planner
  // would join them.
  Query update(connection_,
               "INSERT INTO hosts AS h (id, last_sequence, name, profile, os, enrolled_at,"
               " last_snapshot, last_seen) SELECT n.id, n.sequence, n.name, n.profile, '', 0,"
               " n.digest, n.seen FROM unnest(?1, ?2, ?3, ?4, ?5, ?6) AS n (id, sequence, name,"
               " profile, digest, seen) ON CONFLICT (id) DO UPDATE SET"
               " name = CASE WHEN excluded.last_sequence > h.last_sequence THEN excluded.name"
               " ELSE h.name END, profile = CASE WHEN excluded.last_sequence > h.last_sequence"
               " THEN excluded.profile ELSE h.profile END, last_snapshot = CASE WHEN"
               " excluded.last_sequence > h.last_sequence THEN excluded.last_snapshot ELSE"
               " h.last_snapshot END, last_seen = greatest(h.last_seen, excluded.last_seen),"
               " last_sequence = greatest(h.last_sequence, excluded.last_sequence)");
  send(update, {&ids, &sequences, &names, &profiles, &digests, &times});
}

void GroupCommit::write_manifests() {
  Array hosts(kText);
  Array sequences(kInt8);
  Array times(kInt8);
  Array manifests(kBytea);
  Array signatures(kBytea);
  for (const auto* commit : accepted_) {
    const auto& snapshot = *commit->snapshot;
    hosts.add(snapshot.manifest.host_id);
    sequences.add(snapshot.manifest.sequence);
    times.add(seconds(snapshot.now));
    manifests.add(snapshot.manifest_frame);
    signatures.add(snapshot.signature);
  }
  Query insert(connection_,
               "INSERT INTO manifests (host_id, sequence, accepted_at, manifest, signature)"
               " SELECT * FROM unnest(?1, ?2, ?3, ?4, ?5)");
  send(insert, {&hosts, &sequences, &times, &manifests, &signatures});
}

void GroupCommit::write_snapshots() {
  Array hosts(kText);
  Array sequences(kInt8);
  Array digests(kBytea);
  Array previous(kBytea);
  Array profiles(kText);
  Array started(kInt8);
  Array ended(kInt8);
  Array accepted(kInt8);
  Array serials(kText);
  Array bases(kInt8);
  for (const auto* commit : accepted_) {
    const auto& snapshot = *commit->snapshot;
    hosts.add(snapshot.manifest.host_id);
    sequences.add(snapshot.manifest.sequence);
    digests.add(snapshot.digest);
    previous.add(snapshot.manifest.previous);
    profiles.add(snapshot.manifest.profile);
    started.add(
        seconds(evidence::from_timestamp(snapshot.manifest.started).value_or(evidence::Seconds{})));
    ended.add(
        seconds(evidence::from_timestamp(snapshot.manifest.ended).value_or(evidence::Seconds{})));
    accepted.add(seconds(snapshot.now));
    serials.add(snapshot.certificate_serial);
    bases.add(snapshot.manifest_base);
  }
  Query insert(connection_,
               "INSERT INTO snapshots (host_id, sequence, digest, previous, profile, started,"
               " ended, accepted_at, serial, manifest_base) SELECT n.host_id, n.sequence, n.digest,"
               " n.previous, n.profile, n.started, n.ended, n.accepted_at, n.serial, n.base FROM"
               " unnest(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) WITH ORDINALITY AS n (host_id,"
               " sequence, digest, previous, profile, started, ended, accepted_at, serial, base,"
               " place) ORDER BY n.place");
  send(insert, {&hosts, &sequences, &digests, &previous, &profiles, &started, &ended, &accepted,
                &serials, &bases});
}

}  // namespace assay::collector::postgres
