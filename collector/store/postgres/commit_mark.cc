#include "collector/store/postgres/commit_mark.h"

namespace assay::collector::postgres {
namespace {

constexpr const char* kLeave =
    "INSERT INTO commit_marks (session, number, at)"
    " VALUES (?1, ?2, CAST(extract(epoch FROM now()) AS bigint)) ON CONFLICT (session)"
    " DO UPDATE SET number = excluded.number, at = excluded.at RETURNING number";
// Written, not read: so it waits for whoever holds the mark's row, and its own commit comes behind
// the other's on every standby.
constexpr const char* kAsk =
    "INSERT INTO commit_marks (session, number, at)"
    " VALUES (?1, 0, CAST(extract(epoch FROM now()) AS bigint)) ON CONFLICT (session)"
    " DO UPDATE SET at = excluded.at RETURNING number";
// A day: no transaction is that long.
constexpr const char* kTidy =
    "DELETE FROM commit_marks WHERE session IN (SELECT session FROM commit_marks"
    " WHERE at < CAST(extract(epoch FROM now()) AS bigint) - 86400 FOR UPDATE SKIP LOCKED)";

}  // namespace

Query leave_mark(Connection& connection, const CommitMark& mark) {
  // What goes wrong with it is told by the commit.
  if (mark.number == 1) (void)connection.prepare(kTidy).queue();
  Query left(connection, kLeave);
  left->bind_text(mark.session);
  left->bind_integer(mark.number);
  left->send();
  return left;
}

Result<bool> was_committed(Connection& connection, const CommitMark& mark) {
  Query asked(connection, kAsk);
  asked->bind_text(mark.session);
  const auto row = asked->step();
  if (!row) return fail(row.error());
  if (connection.failure()) return fail(*connection.failure());
  return asked->integer(0) >= mark.number;
}

}  // namespace assay::collector::postgres
