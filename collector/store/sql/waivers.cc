// Waivers and what became of them.
#include "collector/store/sql/acts.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::string_view kIdPrefix = "W-";
constexpr std::string_view kColumns =
    "SELECT number, check_id, finding, hosts, frameworks, reason, measure, token_id, name,"
    " requested_at, until, groups FROM waivers w ";

// What Waiver::state_at() says, for filters: ?1 is the moment, ?2 its day.
constexpr std::string_view kStateAt =
    "CASE WHEN EXISTS (SELECT 1 FROM waiver_acts a WHERE a.waiver = w.number AND"
    " a.kind = 'rejected' AND a.at <= ?1) THEN 'rejected'"
    " WHEN EXISTS (SELECT 1 FROM waiver_acts a WHERE a.waiver = w.number AND"
    " a.kind = 'revoked' AND a.at <= ?1) THEN 'revoked'"
    " WHEN w.until < ?2 THEN 'ended'"
    " WHEN EXISTS (SELECT 1 FROM waiver_acts a WHERE a.waiver = w.number AND"
    " a.kind = 'approved' AND a.at <= ?1) THEN 'approved' ELSE 'requested' END";

Waiver read_waiver(const Statement& row) {
  Waiver waiver;
  waiver.id = record_id(kIdPrefix, row.integer(0));
  waiver.scope.check_id = row.text(1);
  waiver.scope.finding = row.optional_digest(2);
  waiver.scope.hosts = split_frameworks(row.text(3));
  waiver.scope.frameworks = split_frameworks(row.text(4));
  waiver.reason = row.text(5);
  waiver.measure = row.text(6);
  waiver.requester = {row.text(7), row.text(8)};
  waiver.requested_at = row.time(9);
  waiver.until = row.text(10);
  waiver.scope.groups = split_frameworks(row.text(11));
  return waiver;
}

WaiverAct read_act(const Statement& row) {
  WaiverAct act;
  const auto kind = row.text(0);
  for (const auto known :
       {WaiverAct::Kind::kApproved, WaiverAct::Kind::kRejected, WaiverAct::Kind::kRevoked})
    if (name_of(known) == kind) act.kind = known;
  act.by = {row.text(1), row.text(2)};
  act.note = row.text(3);
  act.at = row.time(4);
  return act;
}

Status add_acts(Connection& connection, Waiver* waiver) {
  auto rows = connection.prepare(
      "SELECT kind, token_id, name, note, at FROM waiver_acts WHERE waiver = ? ORDER BY number");
  rows.bind(record_number(kIdPrefix, waiver->id));
  auto acts = all(rows, read_act);
  if (!acts) return fail(acts.error());
  waiver->acts = std::move(*acts);
  return {};
}

Result<Waiver> read_one(Connection& connection, std::string_view id) {
  auto rows = connection.prepare(std::string(kColumns) + "WHERE number = ?");
  rows.bind(record_number(kIdPrefix, id));
  auto waiver =
      one(rows, read_waiver, [&] { return phrase({"no waiver {}", "找不到例外 {}"}, id); });
  if (!waiver) return waiver;
  if (auto added = add_acts(connection, &*waiver); !added) return fail(added.error());
  return waiver;
}

}  // namespace

Result<Waiver> SqlStore::do_add_waiver(const Waiver& waiver) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<Waiver> {
    auto rows = connection.prepare(
        "INSERT INTO waivers (check_id, finding, hosts, frameworks, reason, measure, token_id,"
        " name, requested_at, until, groups) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "
        "number");
    rows.bind(waiver.scope.check_id, waiver.scope.finding, join_frameworks(waiver.scope.hosts),
              join_frameworks(waiver.scope.frameworks), waiver.reason, waiver.measure,
              waiver.requester.token_id, waiver.requester.name, waiver.requested_at, waiver.until,
              join_frameworks(waiver.scope.groups));
    auto number = inserted(rows);
    if (!number) return fail(number.error());
    if (auto done = add_act(connection, "waiver_requested", *number, waiver.requested_at); !done)
      return fail(done.error());
    Waiver added = waiver;
    added.id = record_id(kIdPrefix, *number);
    added.acts.clear();
    return added;
  });
}

Result<Waiver> SqlStore::do_act_on_waiver(std::string_view id, const WaiverAct& act) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<Waiver> {
    auto waiver = read_one(connection, id);
    if (!waiver) return waiver;
    if (auto admitted = check_act(*waiver, act); !admitted) return fail(admitted.error());
    auto rows = connection.prepare(
        "INSERT INTO waiver_acts (waiver, kind, token_id, name, note, at)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING number");
    rows.bind(record_number(kIdPrefix, id), name_of(act.kind), act.by.token_id, act.by.name,
              act.note, act.at);
    const auto number = inserted(rows);
    if (!number) return fail(number.error());
    if (auto done = add_act(connection, "waiver_decided", *number, act.at); !done)
      return fail(done.error());
    waiver->acts.push_back(act);
    return waiver;
  });
}

Result<Waiver> SqlStore::do_waiver(std::string_view id) {
  return reading(
      [&](Connection& connection) -> Result<Waiver> { return read_one(connection, id); });
}

Result<Page<Waiver>> SqlStore::do_waivers(const WaiverFilter& filter, const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Waiver>> {
    auto rows = connection.prepare(
        std::string(kColumns) +
        "WHERE w.requested_at <= ?1 AND (?3 = '' OR ?3 = " + std::string(kStateAt) +
        ") AND (?4 = '' OR w.check_id = ?4) AND (?5 = '' OR " + is_about("w", "?5", "?9") +
        ") AND (?6 = '' OR w.until <= ?6) AND (?7 = 0 OR w.number < ?7)"
        " ORDER BY w.number DESC LIMIT ?8");
    rows.bind(filter.when, evidence::to_date(filter.when),
              filter.state ? name_of(*filter.state) : std::string_view(), filter.check_id,
              filter.host_id, filter.ends_by, record_number(kIdPrefix, page.cursor), page.limit + 1,
              join_frameworks(filter.host_groups));
    auto answer =
        page_of(rows, page.limit, read_waiver, [](const Waiver& last) { return last.id; });
    if (!answer) return answer;
    for (auto& waiver : answer->items)
      if (auto added = add_acts(connection, &waiver); !added) return fail(added.error());
    return answer;
  });
}

}  // namespace assay::collector::sql
