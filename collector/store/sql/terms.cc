// By which terms of the settings answers were given, since when.
#include "collector/store/sql/acts.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

// NULL: the settings say nothing of it.
std::optional<std::string> text_of_kinds(const checks::Organisation& organisation) {
  if (!organisation.kinds) return std::nullopt;
  return join_frameworks(*organisation.kinds);
}

Terms read_terms(const Statement& row) {
  Terms terms;
  terms.stale_after = std::chrono::seconds(row.integer(0));
  if (!row.is_null(1)) terms.organisation.grade = row.text(1);
  if (!row.is_null(2)) terms.organisation.kinds = split_frameworks(row.text(2));
  return terms;
}

}  // namespace

Status SqlStore::do_add_terms(const Terms& terms, evidence::Seconds now) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    auto latest = connection.prepare(
        "SELECT stale_after, grade, kinds FROM terms ORDER BY number DESC LIMIT 1");
    const auto row = latest.step();
    if (!row) return fail(row.error());
    if (*row && is_same(read_terms(latest), terms)) return {};
    auto rows = connection.prepare(
        "INSERT INTO terms (number, since, stale_after, grade, kinds)"
        " SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4 FROM terms RETURNING number");
    rows.bind(now, terms.stale_after.count(), terms.organisation.grade,
              text_of_kinds(terms.organisation));
    const auto number = inserted(rows);
    if (!number) return fail(number.error());
    return add_act(connection, "terms_set", *number, now);
  });
}

Result<Terms> SqlStore::do_terms_at(evidence::Seconds when) {
  return reading([&](Connection& connection) -> Result<Terms> {
    auto rows = connection.prepare(
        "SELECT stale_after, grade, kinds FROM terms ORDER BY since <= ?1 DESC,"
        " CASE WHEN since <= ?1 THEN -number ELSE number END LIMIT 1");
    rows.bind(when);
    return one(rows, read_terms,
               [] { return phrase({"no terms were kept yet", "尚未保存任何判定條件"}); });
  });
}

}  // namespace assay::collector::sql
