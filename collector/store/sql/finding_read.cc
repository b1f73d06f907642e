// Questions about findings, now and as of earlier moments.
#include <algorithm>
#include <iterator>
#include <optional>

#include "collector/store/finding_order.h"
#include "collector/store/sql/finding_groups.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/question.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

FindingChange read_finding_change(const Statement& row) {
  FindingChange change;
  change.finding = read_finding(row);
  change.was_open = row.integer(kFindingWidth + 3) != 0;
  change.is_open = row.integer(kFindingWidth + 4) != 0;
  return change;
}

Finding read_finding_then(const Statement& row) {
  auto finding = read_finding(row);
  finding.state = FindingState::kOpen;
  finding.opened_at = row.time(kFindingWidth + 3);
  return finding;
}

// Where a list of findings goes on: worst first, then by check, host and id.
struct FindingPlace {
  std::optional<int> severity;
  std::string check_id;
  std::string host_id;
  evidence::Digest id;
};

// In letters that need no escape in a URL.
std::string cursor_of_finding(const Finding& last) {
  return std::to_string(static_cast<int>(last.severity)) + "~" + last.check_id + "~" +
         last.host_id + "~" + last.id.hex();
}

FindingPlace place_in(std::string_view cursor) {
  FindingPlace place;
  // What no store wrote, or one of before, names no place: the list begins anew.
  if (std::ranges::count(cursor, '~') != 3) return place;
  std::string lines(cursor);
  std::ranges::replace(lines, '~', '\n');
  const auto parts = split_cursor(lines, 4);
  place.severity = static_cast<int>(number_in(parts[0]).value_or(0));
  place.check_id = parts[1];
  place.host_id = parts[2];
  place.id = evidence::Digest::from_hex(parts[3]).value_or(evidence::Digest{});
  return place;
}

// Of a finding f: ?1 severity, ?2 check, ?3 host, ?4 id of the last one, ?5 how many. The first
// condition says nothing new: an index finds it.
constexpr std::string_view kBehindPlace =
    "(?1 IS NULL OR f.severity <= ?1) AND (?1 IS NULL OR f.severity < ?1 OR"
    " (f.check_id, f.host_id, f.id) > (?2, ?3, ?4))";
// Behind FROM: a row for each span of a finding that has rows of its own.
constexpr std::string_view kSpannedFindings =
    "(SELECT f.host_id, f.id, f.check_id, s.severity, f.key, s.row, s.frameworks, f.state,"
    " f.is_confirmed, f.first_seen, f.opened_at, f.last_seen, f.resolved_at, f.reopened,"
    " f.snapshot, s.since, s.until FROM findings f JOIN finding_spans s ON s.host_id = f.host_id"
    " AND s.finding = f.id)";
// Since when a finding was open at ?10, as its spans tell it: since the first of those that follow
// each other without a gap.
constexpr std::string_view kOpenedThen =
    ", coalesce((SELECT max(b.since) FROM finding_spans b WHERE b.host_id = f.host_id AND"
    " b.finding = f.id AND b.since <= ?10 AND NOT EXISTS (SELECT 1 FROM finding_spans e WHERE"
    " e.host_id = b.host_id AND e.finding = b.finding AND e.until = b.since) AND EXISTS (SELECT 1"
    " FROM finding_spans e WHERE e.host_id = b.host_id AND e.finding = b.finding AND"
    " e.since < b.since)), f.first_seen)";
constexpr std::string_view kWorstFirst =
    " ORDER BY f.severity DESC, f.check_id, f.host_id, f.id LIMIT ?5";

void bind_place(Statement& rows, const PageRequest& page) {
  const auto place = place_in(page.cursor);
  rows.bind(place.severity ? std::optional<std::int64_t>(*place.severity) : std::nullopt,
            place.check_id, place.host_id, place.id, page.limit + 1);
}

// ?6 host, ?7 check, ?8 ",framework,", ?9 least severity.
std::string finding_filter(const FindingFilter& filter) {
  return sql({asked(!filter.host_id.empty(), "f.host_id = ?6", "?6 = ''"), " AND ",
              asked(!filter.check_id.empty(), "f.check_id = ?7", "?7 = ''"),
              " AND (?8 = '' OR instr(f.frameworks, ?8) > 0) AND f.severity >= ?9"});
}

enum class Source { kRows, kGroups };

// Of one of the two kinds, one more than the page holds.
Result<std::vector<Finding>> read_findings(Connection& connection, Source source,
                                           const FindingFilter& filter, const PageRequest& page) {
  const bool is_grouped = source == Source::kGroups;
  if (is_grouped && filter.state == FindingState::kResolved) return std::vector<Finding>();
  std::string_view from = is_grouped ? kGroupedFindings : "findings";
  std::string_view when = asked(filter.state && !is_grouped, "f.state = ?10", "?10 = ?10");
  if (filter.as_of) {
    if (!is_grouped) from = kSpannedFindings;
    when = is_grouped ? "f.since <= ?10" : "f.since <= ?10 AND (f.until IS NULL OR f.until > ?10)";
  }
  const bool is_then = filter.as_of && !is_grouped;
  auto rows = connection.prepare(
      sql({"SELECT ", kFindingColumns, ", f.severity, f.row, f.frameworks",
           is_then ? kOpenedThen : "", " FROM ", from, " f", kFindingJoins, "WHERE ", kBehindPlace,
           " AND ", finding_filter(filter), " AND ", when, kWorstFirst}));
  bind_place(rows, page);
  rows.bind(filter.host_id, filter.check_id,
            filter.framework.empty() ? std::string() : "," + filter.framework + ",",
            static_cast<int>(filter.at_least.value_or(checks::Severity::kInfo)));
  if (filter.as_of)
    rows.bind(*filter.as_of);
  else
    rows.bind(filter.state ? name_of(*filter.state) : std::string_view());
  return all(rows, is_then ? read_finding_then : read_finding);
}

Result<std::optional<Finding>> find_among_rows(Connection& connection, const evidence::Digest& id) {
  auto rows = connection.prepare(
      sql({"SELECT ", kFindingColumns, ", f.severity, f.row, f.frameworks FROM findings f",
           kFindingJoins, "WHERE f.id = ?"}));
  rows.bind(id);
  const auto row = rows.step();
  if (!row) return fail(row.error());
  return *row ? std::optional(read_finding(rows)) : std::nullopt;
}

// Of a host that has an id with such a beginning.
Result<std::optional<Finding>> find_among_groups(Connection& connection,
                                                 const evidence::Digest& id) {
  auto hosts = connection.prepare(
      "SELECT DISTINCT host_id FROM finding_heads WHERE instr(heads, ?) > 0 ORDER BY host_id");
  const auto head = head_of(id);
  hosts.bind(Blob{head});
  const auto host_ids = all(hosts, [](const Statement& found) { return found.text(0); });
  if (!host_ids) return fail(host_ids.error());
  for (const auto& host_id : *host_ids) {
    auto rows = connection.prepare(
        sql({"SELECT ", kFindingColumns, ", f.severity, f.row, f.frameworks FROM ",
             kGroupedFindings, " f", kFindingJoins, "WHERE f.host_id = ?1 AND f.id = ?2"}));
    rows.bind(host_id, id);
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (*row) return std::optional(read_finding(rows));
  }
  return std::optional<Finding>();
}

}  // namespace

Result<Page<Finding>> SqlStore::do_findings(const FindingFilter& filter, const PageRequest& page) {
  Page<Finding> none;
  if (filter.as_of && filter.state == FindingState::kResolved) return none;
  return reading([&](Connection& connection) -> Result<Page<Finding>> {
    // Asked apart, so that each is read in its order from where the page begins. Groups first: what
    // is taken out of one meanwhile may be told twice, and is not missed.
    auto grouped = read_findings(connection, Source::kGroups, filter, page);
    if (!grouped) return fail(grouped.error());
    auto found = read_findings(connection, Source::kRows, filter, page);
    if (!found) return fail(found.error());
    Page<Finding> answer;
    std::ranges::merge(*found, *grouped, std::back_inserter(answer.items), {}, worst_first,
                       worst_first);
    if (answer.items.size() > page.limit) {
      answer.items.resize(page.limit);
      answer.next = cursor_of_finding(answer.items.back());
    }
    return answer;
  });
}

Result<Finding> SqlStore::do_finding(const evidence::Digest& id) {
  return reading([&](Connection& connection) -> Result<Finding> {
    // Last, among the rows once more, should it have been taken out of its group meanwhile.
    for (const auto look : {find_among_rows, find_among_groups, find_among_rows}) {
      auto found = look(connection, id);
      if (!found) return fail(found.error());
      if (*found) return std::move(**found);
    }
    return refuse(Code::kNotFound, {"no finding {}", "找不到發現事項 {}"}, id.hex());
  });
}

Result<Finding> SqlStore::do_resolved_finding(std::string_view host_id,
                                              const evidence::Digest& id) {
  return reading([&](Connection& connection) -> Result<Finding> {
    auto rows = connection.prepare(
        sql({"SELECT ", kFindingColumns, ", f.severity, f.row, f.frameworks FROM findings f",
             kFindingJoins, "WHERE f.host_id = ?1 AND f.id = ?2 AND f.state = 'resolved'"}));
    rows.bind(host_id, id);
    return one(rows, read_finding, [&] { return "no resolved finding " + id.hex(); });
  });
}

Result<std::map<checks::Severity, std::int64_t>> SqlStore::do_open_findings(
    std::string_view host_id) {
  return reading([&](Connection& connection) -> Result<std::map<checks::Severity, std::int64_t>> {
    auto rows = connection.prepare(
        sql({"SELECT severity, CAST(sum(n) AS bigint) FROM (SELECT severity, count(*) AS n"
             " FROM findings WHERE state = 'open' AND ",
             asked(!host_id.empty(), "host_id = ?1", "?1 = ''"),
             " GROUP BY severity UNION ALL SELECT severity, sum(length(ids)) / 32 FROM"
             " finding_groups WHERE ",
             asked(!host_id.empty(), "host_id = ?1", "?1 = ''"),
             " GROUP BY severity) s GROUP BY severity"}));
    rows.bind(host_id);
    auto counts = all(rows, [](const Statement& row) {
      return std::pair(static_cast<checks::Severity>(row.integer(0)), row.integer(1));
    });
    if (!counts) return fail(counts.error());
    return std::map<checks::Severity, std::int64_t>(counts->begin(), counts->end());
  });
}

Result<Page<FindingChange>> SqlStore::do_finding_changes(evidence::Seconds from,
                                                         evidence::Seconds to,
                                                         const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<FindingChange>> {
    // What stood at one end and not at the other began or ended in between: an open interval of
    // one finding has nothing of the same finding beside it. Of what stands in a group nothing
    // ever ended.
    auto rows = connection.prepare(sql(
        {"WITH b AS MATERIALIZED (SELECT host_id, finding FROM finding_spans WHERE until IS NOT"
         " NULL AND until > ?6 AND until <= ?7 AND since <= ?6), a AS MATERIALIZED (SELECT host_id,"
         " finding FROM finding_spans WHERE since > ?6 AND since <= ?7 AND (until IS NULL OR"
         " until > ?7)), e AS MATERIALIZED (SELECT host_id, finding, 1 AS was_open, 0 AS is_open"
         " FROM b WHERE finding NOT IN (SELECT finding FROM a) UNION ALL SELECT host_id, finding,"
         " 0, 1 FROM a WHERE finding NOT IN (SELECT finding FROM b)),"
         " c AS MATERIALIZED (SELECT f.host_id, f.id, f.check_id, f.severity, f.key, f.row,"
         " f.frameworks, f.state, f.is_confirmed, f.first_seen, f.opened_at, f.last_seen,"
         " f.resolved_at, f.reopened, f.snapshot, e.was_open, e.is_open FROM e JOIN findings f ON"
         " f.host_id = e.host_id AND f.id = e.finding WHERE ",
         kBehindPlace,
         " UNION ALL SELECT f.host_id, f.id, f.check_id, f.severity, f.key, f.row, f.frameworks,"
         " f.state, f.is_confirmed, f.first_seen, f.opened_at, f.last_seen, NULL, 0, f.snapshot,"
         " 0, 1 FROM ",
         kGroupedFindings, " f WHERE f.since > ?6 AND f.since <= ?7 AND ", kBehindPlace,
         ") SELECT ", kFindingColumns,
         ", f.severity, f.row, f.frameworks, f.was_open, f.is_open FROM c f", kFindingJoins,
         kWorstFirst}));
    bind_place(rows, page);
    rows.bind(from, to);
    return page_of(rows, page.limit, read_finding_change,
                   [](const FindingChange& last) { return cursor_of_finding(last.finding); });
  });
}

}  // namespace assay::collector::sql
