// Removing what need not be kept any longer. Every batch says again in its own statement what may
// go, whatever it was given.
#include <algorithm>
#include <set>

#include "collector/store/sql/finding_groups.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/snapshot_rows.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sql/verdict_groups.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

// An evaluation may date what it commits this far back.
constexpr std::chrono::hours kLongestEvaluation{1};

// Of a snapshot s with the horizon ?1: it was accepted and logged before, and so was the next one
// of its host (if any was; never NULL), or the host was sent away before. And no manifest that is
// still there is kept as what differs from its own (64: kMaxManifestReach).
constexpr std::string_view kMayGo =
    "s.accepted_at < ?1 AND s.removed_at IS NULL"
    " AND s.number <= (SELECT last_snapshot FROM ledger_state)"
    " AND (coalesce((SELECT n.accepted_at FROM snapshots n WHERE n.host_id = s.host_id"
    " AND n.sequence > s.sequence ORDER BY n.sequence LIMIT 1), ?1) < ?1"
    " OR EXISTS (SELECT 1 FROM hosts h WHERE h.id = s.host_id AND h.revoked_at < ?1))"
    " AND NOT EXISTS (SELECT 1 FROM snapshots d WHERE d.host_id = s.host_id"
    " AND d.sequence > s.sequence AND d.sequence <= s.sequence + 64"
    " AND d.manifest_base = s.sequence AND d.removed_at IS NULL)";

static_assert(kMaxManifestReach == 64);

// Of a table u in table_uses: nothing is kept as what differs from it.
constexpr std::string_view kNobodysBase =
    "NOT EXISTS (SELECT 1 FROM tables d WHERE d.base = u.digest)";

// Over before the horizon ?1, and of the frameworks ?2.
std::string over_and_of_frameworks() {
  return std::string(kIsOver) + " AND frameworks = ?2";
}

Removal read_removal(const Statement& row) {
  Removal removal;
  removal.number = row.integer(0);
  removal.at = row.time(1);
  removal.horizon = row.time(2);
  removal.snapshots = row.integer(3);
  removal.tables = row.integer(4);
  removal.history = {row.integer(5), row.integer(6)};
  removal.results = row.integer(7);
  return removal;
}

// What was learned of the store before is not to be relied on any more.
Status tell_others(Connection& connection) {
  return connection.prepare("UPDATE store_state SET removals = removals + 1").queue();
}

Status put_on_record(Connection& connection, const Removal& removal, std::string_view column,
                     std::int64_t more) {
  if (more == 0) return {};
  return connection
      .prepare("UPDATE removals SET " + std::string(column) + " = " + std::string(column) +
               " + ?1 WHERE number = ?2")
      .bind(more, removal.number)
      .queue();
}

Result<std::int64_t> changed_by(Connection& connection, Statement& statement) {
  if (auto done = statement.run(); !done) return fail(done.error());
  return connection.changes();
}

// Of history, with this removal.
Result<std::int64_t> removed_before(Connection& connection, const Removal& removal) {
  auto rows = connection.prepare("SELECT verdicts + findings FROM removals WHERE number = ?");
  rows.bind(removal.number);
  return one(
      rows, [](const Statement& row) { return row.integer(0); }, [] { return std::string(); });
}

// What no host refers to: all of it went, or some was taken out.
Status remove_unused_sets(Connection& connection, KnownSets& known) {
  if (auto done = VerdictGroups(connection, known).remove_unused(); !done) return done;
  if (auto done = FindingGroups(connection).remove_unused(); !done) return done;
  return tell_others(connection);
}

std::string joined(std::span<const std::string> frameworks) {
  return join_frameworks({frameworks.begin(), frameworks.end()});
}

Result<std::int64_t> counted(Connection& connection, const std::string& sql,
                             const std::string& frameworks, evidence::Seconds horizon) {
  auto rows = connection.prepare(sql);
  rows.bind(horizon, frameworks);
  return one(
      rows, [](const Statement& row) { return row.integer(0); }, [] { return std::string(); });
}

}  // namespace

Result<Removal> SqlStore::do_begin_removal(evidence::Seconds now, evidence::Seconds horizon) {
  return writing(Lock::kRemoves, [&](Connection& connection) -> Result<Removal> {
    auto number = connection.prepare("SELECT coalesce(max(number), 0) + 1 FROM removals");
    const auto row = number.step();
    if (!row) return fail(row.error());
    Removal removal;
    removal.number = number.integer(0);
    removal.at = now;
    removal.horizon = horizon;
    auto done = connection
                    .prepare(
                        "INSERT INTO removals (number, at, horizon, snapshots, tables, verdicts,"
                        " findings, results) VALUES (?, ?, ?, 0, 0, 0, 0, 0)")
                    .bind(removal.number, now, horizon)
                    .run();
    if (!done) return fail(done.error());
    if (done = remove_unused_sets(connection, known_sets_); !done) return fail(done.error());
    return removal;
  });
}

Result<Page<Removal>> SqlStore::do_removals(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Removal>> {
    auto rows = connection.prepare(
        "SELECT number, at, horizon, snapshots, tables, verdicts, findings, results FROM removals"
        " WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2");
    rows.bind(number_in(page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_removal,
                   [](const Removal& last) { return std::to_string(last.number); });
  });
}

Result<Page<SnapshotPlace>> SqlStore::do_removable_snapshots(evidence::Seconds horizon,
                                                             const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<SnapshotPlace>> {
    auto rows = connection.prepare(
        "SELECT s.host_id, s.sequence, s.accepted_at, s.number FROM snapshots s WHERE " +
        std::string(kMayGo) + " AND s.number > ?2 ORDER BY s.number LIMIT ?3");
    rows.bind(horizon, number_in(page.cursor).value_or(0), page.limit + 1);
    std::vector<std::int64_t> numbers;
    auto places = page_of(
        rows, page.limit,
        [&](const Statement& row) {
          numbers.push_back(row.integer(3));
          return SnapshotPlace{row.text(0), row.integer(1), row.time(2)};
        },
        [&](const SnapshotPlace&) { return std::to_string(numbers.at(page.limit - 1)); });
    return places;
  });
}

Result<std::int64_t> SqlStore::do_remove_snapshots(const Removal& removal,
                                                   std::span<const SnapshotPlace> places) {
  return writing(Lock::kRemoves, [&](Connection& connection) -> Result<std::int64_t> {
    std::int64_t removed = 0;
    for (const auto& place : places) {
      auto mark =
          connection.prepare("UPDATE snapshots AS s SET removed_at = ?2 WHERE " +
                             std::string(kMayGo) + " AND s.host_id = ?3 AND s.sequence = ?4");
      mark.bind(removal.horizon, removal.at, place.host_id, place.sequence);
      const auto marked = changed_by(connection, mark);
      if (!marked) return marked;
      if (*marked == 0) continue;
      ++removed;
      auto done = connection.prepare(connection.dialect().removes_manifest)
                      .bind(place.host_id, place.sequence, place.accepted_at)
                      .queue();
      if (!done) return fail(done.error());
    }
    if (auto done = put_on_record(connection, removal, "snapshots", removed); !done)
      return fail(done.error());
    return removed;
  });
}

Result<Page<Snapshot>> SqlStore::do_kept_before(evidence::Seconds horizon,
                                                const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Snapshot>> {
    auto rows = connection.prepare(select_snapshots(
        connection,
        "WHERE number IN (SELECT s.number FROM snapshots s WHERE s.accepted_at < ?1"
        " AND s.removed_at IS NULL AND NOT (" +
            std::string(kMayGo) +
            ") AND s.number > ?2 ORDER BY s.number LIMIT ?3) ORDER BY number"));
    rows.bind(horizon, number_in(page.cursor).value_or(0), page.limit + 1);
    std::vector<std::int64_t> numbers;
    return page_of(
        rows, page.limit,
        [&](const Statement& row) {
          numbers.push_back(row.integer(kSnapshotNumber));
          return read_snapshot(row);
        },
        [&](const Snapshot&) { return std::to_string(numbers.at(page.limit - 1)); });
  });
}

Result<Page<evidence::Digest>> SqlStore::do_tables_unused_since(evidence::Seconds time,
                                                                const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<evidence::Digest>> {
    auto rows = connection.prepare(
        "SELECT u.digest FROM table_uses u WHERE u.used_at < ?1 AND (?2 IS NULL OR u.digest > ?2)"
        " AND " +
        std::string(kNobodysBase) + " ORDER BY u.digest LIMIT ?3");
    const auto after = evidence::Digest::from_hex(page.cursor);
    rows.bind(time, after ? std::optional(*after) : std::nullopt, page.limit + 1);
    return page_of(
        rows, page.limit, [](const Statement& row) { return row.digest(0); },
        [](const evidence::Digest& last) { return last.hex(); });
  });
}

Result<std::vector<evidence::Digest>> SqlStore::do_register_tables() {
  return reading([&](Connection& connection) -> Result<std::vector<evidence::Digest>> {
    auto rows = connection.prepare(
        "SELECT register_table FROM register_entries UNION SELECT groups_table FROM"
        " register_entries");
    return all(rows, [](const Statement& row) { return row.digest(0); });
  });
}

Result<std::int64_t> SqlStore::do_remove_tables(const Removal& removal,
                                                std::span<const evidence::Digest> digests,
                                                evidence::Seconds unused_since) {
  return writing(Lock::kRemoves, [&](Connection& connection) -> Result<std::int64_t> {
    std::int64_t removed = 0;
    for (const auto& digest : digests) {
      auto use = connection.prepare(
          "DELETE FROM table_uses AS u WHERE u.digest = ?1 AND u.used_at < ?2 AND " +
          std::string(kNobodysBase));
      use.bind(digest, unused_since);
      const auto gone = changed_by(connection, use);
      if (!gone) return gone;
      if (*gone == 0) continue;
      ++removed;
      if (auto done =
              connection.prepare("DELETE FROM tables WHERE digest = ?").bind(digest).queue();
          !done)
        return fail(done.error());
    }
    if (auto done = tell_others(connection); !done) return fail(done.error());
    if (auto done = put_on_record(connection, removal, "tables", removed); !done)
      return fail(done.error());
    return removed;
  });
}

Result<std::vector<std::vector<std::string>>> SqlStore::do_frameworks_of_history() {
  return reading([&](Connection& connection) -> Result<std::vector<std::vector<std::string>>> {
    auto rows = connection.prepare(
        "SELECT frameworks FROM verdicts UNION SELECT frameworks FROM finding_spans UNION"
        " SELECT frameworks FROM verdict_sets UNION SELECT frameworks FROM finding_sets");
    return all(rows, [](const Statement& row) { return split_frameworks(row.text(0)); });
  });
}

Result<History> SqlStore::do_history_before(std::span<const std::string> frameworks,
                                            evidence::Seconds horizon) {
  return reading([&](Connection& connection) -> Result<History> {
    const auto set = joined(frameworks);
    const auto verdicts = counted(connection,
                                  "SELECT count(*) FROM " + std::string(kAllVerdicts) +
                                      " v WHERE " + over_and_of_frameworks(),
                                  set, horizon);
    if (!verdicts) return fail(verdicts.error());
    const auto findings =
        counted(connection,
                "SELECT count(*) FROM (SELECT host_id, frameworks, until FROM finding_spans"
                " UNION ALL SELECT g.host_id, m.frameworks, NULL FROM finding_groups g CROSS JOIN"
                " finding_sets m WHERE m.digest = g.digest) s WHERE " +
                    over_and_of_frameworks(),
                set, horizon);
    if (!findings) return fail(findings.error());
    return History{*verdicts, *findings};
  });
}

Result<History> SqlStore::do_remove_history(const Removal& removal,
                                            std::span<const std::string> frameworks,
                                            evidence::Seconds horizon, std::size_t limit) {
  return writing(Lock::kRemoves, [&](Connection& connection) -> Result<History> {
    const auto set = joined(frameworks);
    const auto remove = [&](std::string_view table) -> Result<std::int64_t> {
      const std::string key(connection.dialect().history_key);
      auto rows = connection.prepare("DELETE FROM " + std::string(table) + " WHERE (" + key +
                                     ") IN (SELECT " + key + " FROM " + std::string(table) +
                                     " WHERE " + over_and_of_frameworks() + " LIMIT ?3)");
      rows.bind(horizon, set, limit);
      return changed_by(connection, rows);
    };
    VerdictGroups verdict_groups(connection, known_sets_);
    FindingGroups finding_groups(connection);
    auto verdicts = remove("verdicts");
    if (!verdicts) return fail(verdicts.error());
    auto findings = remove("finding_spans");
    if (!findings) return fail(findings.error());
    const auto grouped_verdicts = verdict_groups.remove(set, horizon, limit);
    if (!grouped_verdicts) return fail(grouped_verdicts.error());
    *verdicts += *grouped_verdicts;
    const auto grouped_findings = finding_groups.remove(set, horizon, limit);
    if (!grouped_findings) return fail(grouped_findings.error());
    *findings += *grouped_findings;
    // With the last of them, so that all findings are gone through once.
    if (static_cast<std::size_t>(std::max(*verdicts, *findings)) < limit) {
      auto done = connection
                      .prepare(
                          "DELETE FROM findings WHERE (resolved_at < ?1 OR host_id IN (SELECT id"
                          " FROM hosts WHERE revoked_at < ?1)) AND NOT EXISTS"
                          " (SELECT 1 FROM finding_spans s WHERE s.host_id = findings.host_id AND"
                          " s.finding = findings.id)")
                      .bind(horizon)
                      .queue();
      if (!done) return fail(done.error());
      const auto before = removed_before(connection, removal);
      if (!before) return fail(before.error());
      if (*before + *verdicts + *findings > 0) {
        if (done = remove_unused_sets(connection, known_sets_); !done) return fail(done.error());
      }
    }
    if (auto done = put_on_record(connection, removal, "verdicts", *verdicts); !done)
      return fail(done.error());
    if (auto done = put_on_record(connection, removal, "findings", *findings); !done)
      return fail(done.error());
    return History{*verdicts, *findings};
  });
}

Result<std::vector<evidence::Digest>> SqlStore::do_unused_results(std::size_t limit) {
  return reading([&](Connection& connection) -> Result<std::vector<evidence::Digest>> {
    auto rows = connection.prepare(
        "SELECT key FROM results EXCEPT SELECT key FROM verdicts EXCEPT SELECT key FROM"
        " verdict_sets LIMIT ?");
    rows.bind(limit);
    return all(rows, [](const Statement& row) { return row.digest(0); });
  });
}

Result<std::int64_t> SqlStore::do_remove_results(const Removal& removal,
                                                 std::span<const evidence::Digest> keys,
                                                 evidence::Seconds looked_at) {
  return writing(Lock::kRemoves, [&](Connection& connection) -> Result<std::int64_t> {
    auto begun = connection.prepare("SELECT DISTINCT key FROM " + std::string(kAllVerdicts) +
                                    " v WHERE since >= ?");
    begun.bind(looked_at - kLongestEvaluation);
    auto referred = all(begun, [](const Statement& row) { return row.digest(0); });
    if (!referred) return fail(referred.error());
    const std::set<evidence::Digest> kept(referred->begin(), referred->end());
    std::int64_t removed = 0;
    for (const auto& key : keys) {
      if (kept.contains(key)) continue;
      auto result = connection.prepare("DELETE FROM results WHERE key = ?");
      result.bind(key);
      const auto gone = changed_by(connection, result);
      if (!gone) return gone;
      removed += *gone;
    }
    if (auto done = tell_others(connection); !done) return fail(done.error());
    if (auto done = put_on_record(connection, removal, "results", removed); !done)
      return fail(done.error());
    return removed;
  });
}

Result<std::vector<evidence::Seconds>> SqlStore::do_scans_since(evidence::Seconds time) {
  return reading([&](Connection& connection) -> Result<std::vector<evidence::Seconds>> {
    // Host by host: joined, PostgreSQL read all snapshots that there are.
    auto rows = connection.prepare(
        "WITH e AS MATERIALIZED (SELECT (SELECT s.ended FROM snapshots s WHERE s.host_id = h.id AND"
        " s.sequence = h.last_sequence AND s.accepted_at >= ?) AS ended FROM hosts h)"
        " SELECT ended FROM e WHERE ended IS NOT NULL ORDER BY ended");
    rows.bind(time);
    return all(rows, [](const Statement& row) { return row.time(0); });
  });
}

}  // namespace assay::collector::sql
