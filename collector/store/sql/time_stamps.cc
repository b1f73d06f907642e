// Time stamps of the ledger's checkpoints, and whose turn it is to ask for one.
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sql/turn.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

StoredTimeStamp read_stamp(const Statement& row) {
  return {row.integer(0), row.integer(1), row.time(2), row.text(3), row.text(4), row.digest(5)};
}

Text no_stamp() {
  return phrase({"no such time stamp", "找不到這個時戳"});
}

}  // namespace

Status SqlStore::do_add_time_stamp(const StoredTimeStamp& stamp) {
  return writing(Lock::kNone, [&](Connection& connection) -> Status {
    return connection
        .prepare(
            "INSERT INTO ledger_time_stamps (size, at, note, token, digest) VALUES (?, ?, ?, ?, ?)")
        .bind(stamp.size, stamp.at, stamp.note, Blob{stamp.token}, evidence::sha256(stamp.token))
        .run();
  });
}

Result<StoredTimeStamp> SqlStore::do_time_stamp(std::int64_t number) {
  return reading([&](Connection& connection) -> Result<StoredTimeStamp> {
    auto rows = connection.prepare(
        "SELECT number, size, at, note, token, digest FROM ledger_time_stamps WHERE number = ?");
    rows.bind(number);
    return one(rows, read_stamp, no_stamp);
  });
}

Result<StoredTimeStamp> SqlStore::do_time_stamp_over(std::int64_t index) {
  return reading([&](Connection& connection) -> Result<StoredTimeStamp> {
    auto rows = connection.prepare(
        "SELECT number, size, at, note, token, digest FROM ledger_time_stamps WHERE size > ?"
        " ORDER BY size, number LIMIT 1");
    rows.bind(index);
    return one(rows, read_stamp, no_stamp);
  });
}

Result<Page<StoredTimeStamp>> SqlStore::do_time_stamps(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<StoredTimeStamp>> {
    auto rows = connection.prepare(
        "SELECT number, size, at, note, token, digest FROM ledger_time_stamps"
        " WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2");
    rows.bind(number_in(page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_stamp,
                   [](const StoredTimeStamp& last) { return std::to_string(last.number); });
  });
}

Result<bool> SqlStore::do_claim_time_stamping(evidence::Seconds now, evidence::Seconds until) {
  return writing(Lock::kNone, [&](Connection& connection) {
    return take_turn(connection, "time_stamp_claim", now, until);
  });
}

}  // namespace assay::collector::sql
