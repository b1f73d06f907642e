// How verdicts and findings are written in rows. Shared by the reading and the writing half.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/store/posture_groups.h"
#include "collector/store/sql/connection.h"

namespace assay::collector::sql {

// What join_frameworks() joined.
[[nodiscard]] std::vector<std::string> split_frameworks(std::string_view joined);

// What a verdict says, host and times apart, in the order that read_said() reads from column `at`.
inline constexpr std::string_view kSaidColumns =
    "check_id, parameters, frameworks, state, reason, key, check_digest";
[[nodiscard]] VerdictInterval read_said(const Statement& row, int at = 0);

// Columns of an interval, in the order that read_interval() reads from column `at`.
inline constexpr std::string_view kIntervalColumns =
    "v.host_id, v.check_id, v.parameters, v.frameworks, v.state, v.reason, v.key, v.check_digest,"
    " v.since, v.until";
inline constexpr int kIntervalWidth = 10;
[[nodiscard]] VerdictInterval read_interval(const Statement& row, int at = 0);
// The JSON of the result of that key, of which json and frame were asked for.
[[nodiscard]] Result<std::string> read_result(const Statement& row, const evidence::Digest& key);
// As a row of its own.
[[nodiscard]] Status write_interval(Connection& connection, const VerdictInterval& interval);

// A finding `f` with its host `h` and that host's mark `m` (may be absent), in the order of
// read_finding(). last_seen and snapshot of an open, confirmed finding are those of the mark.
inline constexpr std::string_view kFindingColumns =
    "f.id, f.host_id, h.name, f.check_id, f.key, f.state, f.is_confirmed, f.first_seen,"
    " CASE WHEN f.state = 'open' AND f.is_confirmed THEN coalesce(m.scanned_at, f.last_seen)"
    " ELSE f.last_seen END,"
    " f.resolved_at, f.reopened,"
    " CASE WHEN f.state = 'open' AND f.is_confirmed THEN coalesce(m.snapshot, f.snapshot)"
    " ELSE f.snapshot END, f.opened_at";
inline constexpr std::string_view kFindingJoins =
    " JOIN hosts h ON h.id = f.host_id LEFT JOIN marks m ON m.host_id = f.host_id ";
// Behind these columns follow severity, row and frameworks, of the finding or of one of its spans.
inline constexpr int kFindingWidth = 13;
[[nodiscard]] Finding read_finding(const Statement& row);
// As a row of its own, be there one already or not; and what it says from `since` on.
[[nodiscard]] Status write_finding(Connection& connection, const Finding& finding);
[[nodiscard]] Status begin_span(Connection& connection, const Finding& finding,
                                evidence::Seconds since);

// Of a verdict, a span or a group: it was over before the horizon ?1, or its host sent away.
inline constexpr std::string_view kIsOver =
    "(until < ?1 OR (until IS NULL AND host_id IN (SELECT id FROM hosts WHERE revoked_at < ?1)))";

// Whether there is anything under `digest` in a table of sets.
[[nodiscard]] Result<bool> has_set(Connection& connection, std::string_view table,
                                   const evidence::Digest& digest);

}  // namespace assay::collector::sql
