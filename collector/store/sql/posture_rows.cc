#include "collector/store/sql/posture_rows.h"

#include "collector/store/seal.h"
#include "evidence/compress.h"

namespace assay::collector::sql {
namespace {

// Rows and facts of a query (kMaxQueryBytes each), every byte of them escaped.
constexpr std::size_t kMaxResultBytes = 256U << 20U;
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";  // RFC 8878, 3.1.1

}  // namespace

std::vector<std::string> split_frameworks(std::string_view joined) {
  std::vector<std::string> frameworks;
  while (!joined.empty()) {
    const auto end = joined.find(',');
    if (end != 0) frameworks.emplace_back(joined.substr(0, end));
    if (end == std::string_view::npos) break;
    joined.remove_prefix(end + 1);
  }
  return frameworks;
}

Result<std::string> read_result(const Statement& row, const evidence::Digest& key) {
  if (row.is_null(1)) return row.text(0);  // from before results were compressed
  const auto kept = row.text(1);
  auto frame = unsealed(kept, key.raw());
  // From before results were sealed; a seal that begins so is one in four billion.
  if (!frame && kept.starts_with(kZstdMagic)) frame = kept;
  if (!frame) return fail(frame.error().within("result " + key.hex()));
  auto json = evidence::codec_of_thread().decompress(*frame, kMaxResultBytes);
  if (!json) return fail(json.error().within("result " + key.hex()));
  return json;
}

VerdictInterval read_said(const Statement& row, int at) {
  VerdictInterval said;
  said.check_id = row.text(at);
  said.parameters = row.text(at + 1);
  said.frameworks = split_frameworks(row.text(at + 2));
  said.state = checks::state_from(row.text(at + 3)).value_or(checks::State::kUnknown);
  said.reason = row.text(at + 4);
  said.key = row.digest(at + 5);
  said.check_digest = row.digest(at + 6);
  return said;
}

VerdictInterval read_interval(const Statement& row, int at) {
  auto interval = read_said(row, at + 1);
  interval.host_id = row.text(at);
  interval.since = row.time(at + 8);
  interval.until = row.optional_time(at + 9);
  return interval;
}

Status write_interval(Connection& connection, const VerdictInterval& interval) {
  return connection
      .prepare(
          "INSERT INTO verdicts (host_id, check_id, parameters, frameworks, state, reason,"
          " key, check_digest, since, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(interval.host_id, interval.check_id, interval.parameters,
            join_frameworks(interval.frameworks), checks::name_of(interval.state), interval.reason,
            interval.key, interval.check_digest, interval.since, interval.until)
      .queue();
}

Finding read_finding(const Statement& row) {
  Finding finding;
  finding.id = row.digest(0);
  finding.host_id = row.text(1);
  finding.host_name = row.text(2);
  finding.check_id = row.text(3);
  finding.key = row.text(4);
  finding.state =
      row.text(5) == name_of(FindingState::kOpen) ? FindingState::kOpen : FindingState::kResolved;
  finding.is_confirmed = row.integer(6) != 0;
  finding.first_seen = row.time(7);
  finding.last_seen = row.time(8);
  finding.resolved_at = row.optional_time(9);
  finding.reopened = row.integer(10);
  finding.snapshot = row.digest(11);
  finding.opened_at = row.time(12);
  finding.severity = static_cast<checks::Severity>(row.integer(kFindingWidth));
  finding.row = row.text(kFindingWidth + 1);
  finding.frameworks = split_frameworks(row.text(kFindingWidth + 2));
  return finding;
}

Status write_finding(Connection& connection, const Finding& finding) {
  return connection
      .prepare(
          "INSERT INTO findings (id, host_id, check_id, severity, key, row, frameworks,"
          " state, is_confirmed, first_seen, last_seen, resolved_at, reopened, snapshot,"
          " opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (host_id, id) DO UPDATE SET"
          " severity = excluded.severity, row = excluded.row,"
          " frameworks = excluded.frameworks, state = excluded.state,"
          " is_confirmed = excluded.is_confirmed, last_seen = excluded.last_seen,"
          " resolved_at = excluded.resolved_at, reopened = excluded.reopened,"
          " snapshot = excluded.snapshot, opened_at = excluded.opened_at")
      .bind(finding.id, finding.host_id, finding.check_id, static_cast<int>(finding.severity),
            finding.key, finding.row, join_frameworks(finding.frameworks), name_of(finding.state),
            finding.is_confirmed, finding.first_seen, finding.last_seen, finding.resolved_at,
            finding.reopened, finding.snapshot, finding.opened_at)
      .queue();
}

Status begin_span(Connection& connection, const Finding& finding, evidence::Seconds since) {
  return connection
      .prepare(
          "INSERT INTO finding_spans (host_id, finding, severity, row, frameworks, since)"
          " VALUES (?, ?, ?, ?, ?, ?)")
      .bind(finding.host_id, finding.id, static_cast<int>(finding.severity), finding.row,
            join_frameworks(finding.frameworks), since)
      .queue();
}

Result<bool> has_set(Connection& connection, std::string_view table,
                     const evidence::Digest& digest) {
  auto rows =
      connection.prepare("SELECT 1 FROM " + std::string(table) + " WHERE digest = ? LIMIT 1");
  return rows.bind(digest).step();
}

}  // namespace assay::collector::sql
