// Questions about results, marks and verdicts, now and as of earlier moments.
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/question.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sql/verdict_groups.h"

namespace assay::collector::sql {
namespace {

std::string cursor_of(const VerdictInterval& last) {
  return last.host_id + "\n" + last.check_id + "\n" + last.parameters;
}

VerdictInterval read_interval_row(const Statement& row) {
  return read_interval(row);
}

VerdictChange read_verdict_change(const Statement& row) {
  VerdictChange change;
  change.host_id = row.text(0);
  change.check_id = row.text(1);
  change.parameters = row.text(2);
  if (!row.is_null(3)) change.before = read_interval(row, 3);
  if (!row.is_null(3 + kIntervalWidth)) change.after = read_interval(row, 3 + kIntervalWidth);
  return change;
}

// Of the store's state s and a mark m, which may be missing.
constexpr std::string_view kMarkColumns =
    "m.snapshot, m.content, m.input, m.day, m.scanned_at, m.evaluated_at, m.revision,"
    " m.register_entry, s.removals";
constexpr int kMarkWidth = 9;

EvaluationMark read_mark(const Statement& row, std::string_view host_id) {
  EvaluationMark mark;
  mark.host_id = host_id;
  mark.removals = row.integer(8);
  if (row.is_null(0)) return mark;
  mark.snapshot = row.digest(0);
  mark.content = row.digest(1);
  mark.input = row.digest(2);
  mark.day = row.text(3);
  mark.scanned_at = row.time(4);
  mark.evaluated_at = row.time(5);
  mark.revision = row.integer(6);
  mark.register_entry = row.integer(7);
  return mark;
}

}  // namespace

Result<std::vector<std::optional<std::string>>> SqlStore::do_results(
    std::span<const evidence::Digest> keys) {
  return reading([&](Connection& connection) -> Result<std::vector<std::optional<std::string>>> {
    std::vector<std::optional<std::string>> found;
    for (const auto& key : keys) {
      auto row = connection.prepare("SELECT json, frame FROM results WHERE key = ?");
      const auto is_there = row.bind(key).step();
      if (!is_there) return fail(is_there.error());
      auto& json = found.emplace_back();
      if (!*is_there) continue;
      auto read = read_result(row, key);
      if (!read) return fail(read.error());
      json = std::move(*read);
    }
    return found;
  });
}

Result<Page<evidence::Digest>> SqlStore::do_result_keys(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<evidence::Digest>> {
    auto rows = connection.prepare(
        "SELECT key FROM results WHERE ?1 IS NULL OR key > ?1 ORDER BY key LIMIT ?2");
    const auto after = evidence::Digest::from_hex(page.cursor);
    rows.bind(after ? std::optional(*after) : std::nullopt, page.limit + 1);
    return page_of(
        rows, page.limit, [](const Statement& row) { return row.digest(0); },
        [](const evidence::Digest& last) { return last.hex(); });
  });
}

Result<EvaluationMark> SqlStore::do_mark(std::string_view host_id) {
  return reading([&](Connection& connection) -> Result<EvaluationMark> {
    auto rows = connection.prepare(
        sql({"SELECT ", kMarkColumns, " FROM store_state s LEFT JOIN marks m ON m.host_id = ?"}));
    auto row = rows.bind(host_id).step();
    if (!row) return fail(row.error());
    return read_mark(rows, host_id);
  });
}

Result<std::vector<std::optional<HostToJudge>>> SqlStore::do_to_judge(
    std::span<const std::string> host_ids) {
  using Hosts = std::vector<std::optional<HostToJudge>>;
  return reading([&](Connection& connection) -> Result<Hosts> {
    Hosts hosts;
    for (const auto& host_id : host_ids) {
      auto rows = connection.prepare(
          sql({"SELECT ", kMarkColumns,
               ", h.last_snapshot, h.os, r.number, r.register_table, r.groups_table"
               " FROM store_state s CROSS JOIN hosts h LEFT JOIN marks m ON m.host_id = h.id"
               " LEFT JOIN register_entries r ON r.host_id = h.id AND r.until IS NULL"
               " WHERE h.id = ?"}));
      const auto row = rows.bind(host_id).step();
      if (!row) return fail(row.error());
      auto& host = hosts.emplace_back();
      if (!*row) continue;
      host = {read_mark(rows, host_id),
              rows.optional_digest(kMarkWidth),
              rows.text(kMarkWidth + 1),
              {}};
      if (!rows.is_null(kMarkWidth + 2))
        host->register_tables = {rows.integer(kMarkWidth + 2), rows.digest(kMarkWidth + 3),
                                 rows.digest(kMarkWidth + 4)};
    }
    return hosts;
  });
}

Result<std::vector<std::string>> SqlStore::do_due(const evidence::Digest& content,
                                                  std::string_view day, std::string_view after,
                                                  std::size_t limit) {
  return reading([&](Connection& connection) -> Result<std::vector<std::string>> {
    auto rows = connection.prepare(
        "SELECT h.id FROM hosts h LEFT JOIN marks m ON m.host_id = h.id LEFT JOIN register_entries "
        "r"
        " ON r.host_id = h.id AND r.until IS NULL WHERE h.id > ?3 AND h.revoked_at IS NULL AND"
        " h.last_snapshot IS NOT NULL AND (m.host_id IS NULL OR m.content <> ?1 OR m.day <> ?2 OR"
        " m.snapshot <> h.last_snapshot OR m.register_entry <> coalesce(r.number, 0))"
        " ORDER BY h.id LIMIT ?4");
    rows.bind(content, day, after, limit);
    return all(rows, [](const Statement& row) { return row.text(0); });
  });
}

Result<Page<VerdictInterval>> SqlStore::do_verdicts(const VerdictFilter& filter,
                                                    const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<VerdictInterval>> {
    const auto after = split_cursor(page.cursor, 3);
    auto rows = connection.prepare(
        sql({"SELECT ", kIntervalColumns, " FROM ", kAllVerdicts, " v WHERE v.host_id >= ?5 AND ",
             asked(!filter.host_id.empty(), "v.host_id = ?1", "?1 = ''"), " AND ",
             asked(!filter.check_id.empty(), "v.check_id = ?2", "?2 = ''"),
             " AND (?3 = '' OR instr(v.frameworks, ?3) > 0) AND (?4 = '' OR v.state = ?4) AND ",
             filter.as_of ? "v.since <= ?9 AND (v.until IS NULL OR v.until > ?9)"
                          : "v.until IS NULL AND ?9 IS NULL",
             " AND (v.host_id, v.check_id, v.parameters) > (?5, ?6, ?7)"
             " ORDER BY v.host_id, v.check_id, v.parameters LIMIT ?8"}));
    rows.bind(filter.host_id, filter.check_id,
              filter.framework.empty() ? std::string() : "," + filter.framework + ",",
              filter.state ? checks::name_of(*filter.state) : std::string_view(), after[0],
              after[1], after[2], page.limit + 1, filter.as_of);
    return page_of(rows, page.limit, read_interval_row, cursor_of);
  });
}

Result<std::vector<VerdictSet>> SqlStore::do_standing(std::string_view host_id) {
  return reading(
      [&](Connection& connection) { return read_standing(connection, known_sets_, host_id); });
}

Result<Page<VerdictInterval>> SqlStore::do_history(std::string_view host_id,
                                                   std::string_view check_id,
                                                   const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<VerdictInterval>> {
    const auto after = split_cursor(page.cursor, 2);
    auto rows = connection.prepare(sql({"SELECT ", kIntervalColumns, " FROM ", kAllVerdicts,
                                        " v WHERE v.host_id = ?1 AND v.check_id = ?2 AND"
                                        " (?3 IS NULL OR v.since < ?3 OR"
                                        " (v.since = ?3 AND v.parameters > ?4))"
                                        " ORDER BY v.since DESC, v.parameters LIMIT ?5"}));
    rows.bind(host_id, check_id, number_in(after[0]), after[1], page.limit + 1);
    return page_of(rows, page.limit, read_interval_row, [](const VerdictInterval& last) {
      return std::to_string(last.since.time_since_epoch().count()) + "\n" + last.parameters;
    });
  });
}

Result<Page<VerdictInterval>> SqlStore::do_verdicts_since(std::string_view host_id,
                                                          evidence::Seconds from,
                                                          const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<VerdictInterval>> {
    const auto after = split_cursor(page.cursor, 3);
    auto rows =
        connection.prepare(sql({"SELECT ", kIntervalColumns, " FROM ", kAllVerdicts,
                                " v WHERE v.host_id = ?1 AND (v.until IS NULL OR v.until > ?2) AND"
                                " (?3 = '' OR (v.check_id, v.parameters, v.since) > (?3, ?4, ?5))"
                                " ORDER BY v.check_id, v.parameters, v.since LIMIT ?6"}));
    rows.bind(host_id, from, after[0], after[1], number_in(after[2]), page.limit + 1);
    return page_of(rows, page.limit, read_interval_row, [](const VerdictInterval& last) {
      return last.check_id + "\n" + last.parameters + "\n" +
             std::to_string(last.since.time_since_epoch().count());
    });
  });
}

Result<Page<VerdictChange>> SqlStore::do_verdict_changes(evidence::Seconds from,
                                                         evidence::Seconds to,
                                                         const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<VerdictChange>> {
    const auto after = split_cursor(page.cursor, 3);
    std::string before_columns(kIntervalColumns);
    std::string after_columns(kIntervalColumns);
    for (auto at = before_columns.find("v."); at != std::string::npos;
         at = before_columns.find("v.", at + 1)) {
      before_columns[at] = 'b';
      after_columns[at] = 'a';
    }
    auto rows = connection.prepare(
        sql({"WITH b AS MATERIALIZED (SELECT ", kIntervalColumns, " FROM ", kAllVerdicts,
             " v WHERE v.until IS NOT NULL AND v.until > ?1 AND v.until <= ?2 AND"
             " v.since <= ?1 AND (v.host_id, v.check_id, v.parameters) > (?3, ?4, ?5)),"
             " a AS MATERIALIZED (SELECT ",
             kIntervalColumns, " FROM ", kAllVerdicts,
             " v WHERE v.since > ?1 AND v.since <= ?2 AND"
             " (v.until IS NULL OR v.until > ?2) AND"
             " (v.host_id, v.check_id, v.parameters) > (?3, ?4, ?5)),"
             " t AS (SELECT host_id, check_id, parameters FROM b UNION"
             " SELECT host_id, check_id, parameters FROM a)"
             "SELECT t.host_id, t.check_id, t.parameters, ",
             before_columns, ", ", after_columns,
             " FROM t LEFT JOIN b ON b.host_id = t.host_id AND b.check_id = t.check_id AND"
             " b.parameters = t.parameters LEFT JOIN a ON a.host_id = t.host_id AND"
             " a.check_id = t.check_id AND a.parameters = t.parameters"
             " WHERE b.state IS DISTINCT FROM a.state"
             " ORDER BY t.host_id, t.check_id, t.parameters LIMIT ?6"}));
    rows.bind(from, to, after[0], after[1], after[2], page.limit + 1);
    return page_of(rows, page.limit, read_verdict_change, [](const VerdictChange& last) {
      return last.host_id + "\n" + last.check_id + "\n" + last.parameters;
    });
  });
}

}  // namespace assay::collector::sql
