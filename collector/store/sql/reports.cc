// Weekly reports that were made.
#include "collector/store/sql/acts.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sql/turn.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

// Without the frame, which is large. The act is found by its key.
constexpr std::string_view kColumns =
    "SELECT r.week, r.since, r.until, r.digest, r.at, a.number FROM reports r JOIN acts a ON"
    " a.kind = 'report_made' AND a.record = CAST(r.number AS TEXT) ";

std::string sql(std::string_view rest) {
  return std::string(kColumns).append(rest);
}

ReportRecord read_report(const Statement& row) {
  return {row.text(0), row.time(1), row.time(2), row.digest(3), row.time(4), row.integer(5)};
}

Result<ReportRecord> report_of(Connection& connection, std::string_view week) {
  auto rows = connection.prepare(sql("WHERE r.week = ?"));
  rows.bind(week);
  return one(rows, read_report, [&] { return phrase({"no report {}", "找不到週報 {}"}, week); });
}

}  // namespace

Result<bool> SqlStore::do_claim_reporting(evidence::Seconds now, evidence::Seconds until) {
  return writing(Lock::kNone, [&](Connection& connection) {
    return take_turn(connection, "report_claim", now, until);
  });
}

Result<ReportRecord> SqlStore::do_add_report(const ReportRecord& report, std::string_view frame) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<ReportRecord> {
    auto known = report_of(connection, report.week);
    if (known || known.error().code() != Code::kNotFound) return known;
    auto rows = connection.prepare(
        "INSERT INTO reports (number, week, since, until, digest, frame, at)"
        " SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6 FROM reports"
        " RETURNING number");
    rows.bind(report.week, report.since, report.until, report.digest, Blob{frame}, report.at);
    const auto number = inserted(rows);
    if (!number) return fail(number.error());
    if (auto done = add_act(connection, "report_made", *number, report.at); !done)
      return fail(done.error());
    return report_of(connection, report.week);
  });
}

Result<ReportRecord> SqlStore::do_report(std::string_view week) {
  return reading([&](Connection& connection) { return report_of(connection, week); });
}

Result<std::string> SqlStore::do_report_frame(std::string_view week) {
  return reading([&](Connection& connection) -> Result<std::string> {
    auto rows = connection.prepare("SELECT frame FROM reports WHERE week = ?");
    rows.bind(week);
    return one(
        rows, [](const Statement& row) { return row.text(0); },
        [&] { return phrase({"no report {}", "找不到週報 {}"}, week); });
  });
}

Result<Page<ReportRecord>> SqlStore::do_reports(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<ReportRecord>> {
    // A week's name has always the same length: the later one is the greater one.
    auto rows =
        connection.prepare(sql("WHERE ?1 = '' OR r.week < ?1 ORDER BY r.week DESC LIMIT ?2"));
    rows.bind(page.cursor, page.limit + 1);
    return page_of(rows, page.limit, read_report,
                   [](const ReportRecord& last) { return last.week; });
  });
}

Result<std::optional<evidence::Seconds>> SqlStore::do_first_accepted() {
  return reading([&](Connection& connection) -> Result<std::optional<evidence::Seconds>> {
    // By the order of their numbers, which is that in which they came.
    auto rows = connection.prepare("SELECT accepted_at FROM snapshots ORDER BY number LIMIT 1");
    const auto row = rows.step();
    if (!row) return fail(row.error());
    return *row ? std::optional(rows.time(0)) : std::nullopt;
  });
}

}  // namespace assay::collector::sql
