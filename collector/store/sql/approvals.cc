// What was approved.
#include <algorithm>
#include <set>

#include "collector/store/sql/acts.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::string_view kPrefix = "A-";
constexpr std::string_view kColumns =
    "SELECT number, list, row, until, note, token_id, name, at, withdrawn_token, withdrawn_name,"
    " withdrawn_note, withdrawn_at FROM approvals ";

std::string sql(std::string_view rest) {
  return std::string(kColumns).append(rest);
}

Approval read_approval(const Statement& row) {
  Approval approval;
  approval.id = record_id(kPrefix, row.integer(0));
  approval.list = row.text(1);
  approval.row = row.text(2);
  approval.until = row.text(3);
  approval.note = row.text(4);
  approval.by = {row.text(5), row.text(6)};
  approval.at = row.time(7);
  if (!row.is_null(11))
    approval.withdrawn = {{row.text(8), row.text(9)}, row.text(10), row.time(11)};
  return approval;
}

// kNotFound; kConflict when it is withdrawn already.
Status end_approval(Connection& connection, std::int64_t number, const Withdrawal& withdrawal) {
  auto done =
      connection
          .prepare(
              "UPDATE approvals SET withdrawn_token = ?2, withdrawn_name = ?3,"
              " withdrawn_note = ?4, withdrawn_at = ?5 WHERE number = ?1 AND"
              " withdrawn_at IS NULL")
          .bind(number, withdrawal.by.token_id, withdrawal.by.name, withdrawal.note, withdrawal.at)
          .run();
  if (!done) return done;
  if (connection.changes() > 0)
    return add_act(connection, "approval_withdrawn", number, withdrawal.at);
  auto rows = connection.prepare("SELECT 1 FROM approvals WHERE number = ?");
  const auto row = rows.bind(number).step();
  if (!row) return fail(row.error());
  const auto id = record_id(kPrefix, number);
  return *row ? refuse(Code::kConflict, {"{} is withdrawn already", "{} 已撤回"}, id)
              : refuse(Code::kNotFound, {"no approval {}", "沒有核准項目 {}"}, id);
}

struct Standing {
  std::int64_t number = 0;
  bool is_equal = false;
};

// The row of the list that is not withdrawn, if there is one.
Result<std::optional<Standing>> standing(Connection& connection, const Approval& approval) {
  auto rows = connection.prepare(
      "SELECT number, until = ?3 AND note = ?4 AND name = ?5 FROM approvals WHERE list = ?1 AND"
      " row = ?2 AND withdrawn_at IS NULL");
  const auto row =
      rows.bind(approval.list, approval.row, approval.until, approval.note, approval.by.name)
          .step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return Standing{rows.integer(0), rows.integer(1) != 0};
}

Status insert_approval(Connection& connection, const Approval& approval) {
  auto rows = connection.prepare(
      "INSERT INTO approvals (list, row, until, note, token_id, name, at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number");
  rows.bind(approval.list, approval.row, approval.until, approval.note, approval.by.token_id,
            approval.by.name, approval.at);
  const auto number = inserted(rows);
  if (!number) return fail(number.error());
  return add_act(connection, "approved", *number, approval.at);
}

Status approve_one(Connection& connection, const Approval& approval, ApprovalCounts* counts) {
  const auto there = standing(connection, approval);
  if (!there) return fail(there.error());
  if (*there && (*there)->is_equal) {
    ++counts->unchanged;
    return {};
  }
  if (*there) {
    const Withdrawal replaced{approval.by, "approved anew", approval.at};
    if (auto done = end_approval(connection, (*there)->number, replaced); !done) return done;
    ++counts->replaced;
  }
  ++counts->added;
  return insert_approval(connection, approval);
}

Status check_size(Connection& connection, const std::string& list) {
  auto rows =
      connection.prepare("SELECT count(*) FROM approvals WHERE list = ? AND withdrawn_at IS NULL");
  const auto row = rows.bind(list).step();
  if (!row) return fail(row.error());
  if (rows.integer(0) > static_cast<std::int64_t>(kMaxApprovals))
    return refuse(
        Code::kTooLarge,
        {"{} would have more than {} rows; approve by pattern", "{} 將超過 {} 列；請改以樣式核准"},
        list, kMaxApprovals);
  return {};
}

}  // namespace

Result<ApprovalCounts> SqlStore::do_approve(std::span<const Approval> approvals) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<ApprovalCounts> {
    ApprovalCounts counts;
    std::set<std::string> lists;
    for (const auto& approval : approvals) {
      lists.insert(approval.list);
      if (auto done = approve_one(connection, approval, &counts); !done) return fail(done.error());
    }
    for (const auto& list : lists)
      if (auto fits = check_size(connection, list); !fits) return fail(fits.error());
    return counts;
  });
}

Status SqlStore::do_withdraw(std::span<const std::string> ids, const Withdrawal& withdrawal) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    for (const auto& id : ids) {
      const auto number = record_number(kPrefix, id);
      if (number == 0) return refuse(Code::kNotFound, {"no approval {}", "沒有核准項目 {}"}, id);
      if (auto done = end_approval(connection, number, withdrawal); !done) return done;
    }
    return {};
  });
}

Result<Approval> SqlStore::do_approval(std::string_view id) {
  return reading([&](Connection& connection) -> Result<Approval> {
    auto rows = connection.prepare(sql("WHERE number = ?"));
    rows.bind(record_number(kPrefix, id));
    return one(rows, read_approval,
               [&] { return phrase({"no approval {}", "沒有核准項目 {}"}, id); });
  });
}

Result<Page<Approval>> SqlStore::do_approvals(const ApprovalFilter& filter,
                                              const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Approval>> {
    auto rows = connection.prepare(
        sql("WHERE (?1 = '' OR list = ?1) AND number > ?2 AND (?3 IS NULL OR (at <= ?3 AND"
            " (withdrawn_at IS NULL OR withdrawn_at > ?3) AND (until = '' OR until >= ?4)))"
            " ORDER BY number LIMIT ?5"));
    rows.bind(filter.list, record_number(kPrefix, page.cursor), filter.in_force,
              filter.in_force ? evidence::to_date(*filter.in_force) : std::string(),
              page.limit + 1);
    return page_of(rows, page.limit, read_approval, [](const Approval& last) { return last.id; });
  });
}

}  // namespace assay::collector::sql
