// What evaluations change, in one transaction.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "collector/store/seal.h"
#include "collector/store/sql/finding_groups.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sql/verdict_groups.h"
#include "evidence/compress.h"

namespace assay::collector::sql {
namespace {

// False: the host was judged in between.
Result<bool> write_mark(Connection& connection, const EvaluationMark& mark) {
  auto done = connection
                  .prepare(
                      "INSERT INTO marks (host_id, snapshot, content, input, day, scanned_at,"
                      " evaluated_at, revision, register_entry)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 + 1, ?9)"
                      " ON CONFLICT (host_id) DO UPDATE SET snapshot = excluded.snapshot,"
                      " content = excluded.content, input = excluded.input, day = excluded.day,"
                      " scanned_at = excluded.scanned_at, evaluated_at = excluded.evaluated_at,"
                      " revision = excluded.revision,"
                      " register_entry = excluded.register_entry WHERE marks.revision = ?8")
                  .bind(mark.host_id, mark.snapshot, mark.content, mark.input, mark.day,
                        mark.scanned_at, mark.evaluated_at, mark.revision, mark.register_entry)
                  .run();
  if (!done) return fail(done.error());
  return connection.changes() > 0;
}

Status describe_host(Connection& connection, const EvaluationChange& change) {
  if (!change.os) return {};
  return connection.prepare("UPDATE hosts SET os = ?2 WHERE id = ?1")
      .bind(change.mark.host_id, *change.os)
      .queue();
}

Status end_interval(Connection& connection, const EvaluationMark& mark, std::string_view check_id,
                    std::string_view parameters) {
  return connection
      .prepare("UPDATE verdicts SET until = ?4" +
               std::string(connection.dialect().ended_verdict_place) +
               " WHERE host_id = ?1 AND check_id = ?2 AND parameters = ?3 AND until IS NULL")
      .bind(mark.host_id, check_id, parameters, mark.evaluated_at)
      .queue();
}

// An open finding has an open span with its present row; a resolved one has none.
Status write_span(Connection& connection, const Finding& finding, evidence::Seconds now) {
  const bool is_open = finding.state == FindingState::kOpen;
  const auto frameworks = join_frameworks(finding.frameworks);
  const auto severity = static_cast<int>(finding.severity);
  auto ended =
      connection
          .prepare("UPDATE finding_spans SET until = ?3" +
                   std::string(connection.dialect().ended_span_place) +
                   " WHERE host_id = ?1 AND finding = ?2 AND until IS NULL AND NOT (?4 AND"
                   " severity = ?5 AND row = ?6 AND frameworks = ?7)")
          .bind(finding.host_id, finding.id, now, is_open, severity, finding.row, frameworks)
          .queue();
  if (!ended || !is_open) return ended;
  return connection
      .prepare(
          "INSERT INTO finding_spans (host_id, finding, severity, row, frameworks, since)"
          " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM finding_spans"
          " WHERE host_id = ?1 AND finding = ?2 AND until IS NULL)")
      .bind(finding.host_id, finding.id, severity, finding.row, frameworks, now)
      .queue();
}

// In one order, so that of two who write at once each waits for the other but once.
Status write_results(Connection& connection, std::span<const EvaluationChange> changes) {
  std::map<evidence::Digest, std::string_view> results;
  for (const auto& change : changes) results.insert(change.results.begin(), change.results.end());
  for (const auto& [key, json] : results) {
    const auto frame = evidence::codec_of_thread().compress(json);
    if (!frame) return fail(frame.error());
    const auto kept = sealed(*frame, key.raw());
    auto done = connection
                    .prepare(
                        "INSERT INTO results (key, json, frame) VALUES (?, '', ?)"
                        " ON CONFLICT (key) DO NOTHING")
                    .bind(key, Blob{kept})
                    .queue();
    if (!done) return done;
  }
  return {};
}

// Ends what ended, and what begins anew.
Status end_verdicts(Connection& connection, VerdictGroups& verdicts,
                    const EvaluationChange& change) {
  if (change.mark.revision == 0) return {};  // never judged: there are none
  std::set<VerdictGroups::Key> keys(change.ended.begin(), change.ended.end());
  for (const auto& interval : change.begun) keys.emplace(interval.check_id, interval.parameters);
  // Of the families of begun_groups nothing is in force.
  if (auto done = verdicts.end(change.mark, &keys); !done) return done;
  for (const auto& [check_id, parameters] : keys)
    if (auto done = end_interval(connection, change.mark, check_id, parameters); !done) return done;
  return {};
}

Status write_change(Connection& connection, VerdictGroups& verdicts, FindingGroups& findings,
                    const EvaluationChange& change) {
  if (auto done = describe_host(connection, change); !done) return done;
  if (auto done = end_verdicts(connection, verdicts, change); !done) return done;
  if (auto done = verdicts.begin(change.mark); !done) return done;
  if (auto done = findings.take_out(change.mark, change.findings); !done) return done;
  for (const auto& finding : change.findings) {
    if (auto done = write_finding(connection, finding); !done) return done;
    if (auto done = write_span(connection, finding, change.mark.evaluated_at); !done) return done;
  }
  return findings.begin(change.mark);
}

// By host, for the same reason.
std::vector<std::size_t> in_order(std::span<const EvaluationChange> changes) {
  std::vector<std::size_t> places(changes.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::sort(places, {},
                    [&](std::size_t at) -> std::string_view { return changes[at].mark.host_id; });
  return places;
}

// What was looked up before something was removed may be gone. A change that begins no verdict
// refers to nothing. How often something was removed.
Result<std::int64_t> check_removals(Connection& connection,
                                    std::span<const EvaluationChange> changes) {
  auto rows = connection.prepare("SELECT removals FROM store_state");
  const auto row = rows.step();
  if (!row) return fail(row.error());
  const bool is_same = *row && std::ranges::all_of(changes, [&](const EvaluationChange& change) {
    return (change.begun.empty() && change.begun_groups.empty()) ||
           change.mark.removals == rows.integer(0);
  });
  if (!is_same) return fail(Code::kConflict, "results were removed in between");
  return rows.integer(0);
}

}  // namespace

Result<std::vector<Status>> SqlStore::do_commit_evaluations(
    std::span<const EvaluationChange> changes) {
  std::vector<Status> answers;
  std::vector<evidence::Digest> kept;  // sets
  std::int64_t removals = 0;
  std::int64_t generation = 0;
  auto written = writing(Lock::kRefers, [&](Connection& connection) -> Status {
    answers.assign(changes.size(), Status());
    kept.clear();
    generation = sets_there_.generation();
    const auto same = check_removals(connection, changes);
    if (!same) return fail(same.error());
    removals = *same;
    if (auto done = write_results(connection, changes); !done) return done;
    const auto is_there = [&](const evidence::Digest& digest) {
      return sets_there_.has(digest, removals);
    };
    VerdictGroups verdicts(connection, known_sets_);
    FindingGroups findings(connection);
    if (auto done = verdicts.prepare(changes, is_there, kept); !done) return done;
    if (auto done = findings.prepare(changes, is_there, kept); !done) return done;
    for (const auto at : in_order(changes)) {
      const auto is_ours = write_mark(connection, changes[at].mark);
      if (!is_ours) return fail(is_ours.error());
      if (!*is_ours)
        answers[at] = fail(Code::kConflict, "the host was judged in between");
      else if (auto done = write_change(connection, verdicts, findings, changes[at]); !done)
        return done;
    }
    return {};
  });
  if (!written) return fail(written.error());
  sets_there_.note(kept, removals, generation);
  return answers;
}

}  // namespace assay::collector::sql
