// What every transaction that writes leaves behind: by it the collector learns, when the connection
// was lost at the COMMIT, whether it was carried out.
//
// The number that PostgreSQL gives a transaction would not tell it: a server that was killed, or
// the standby that was promoted in its place, gives those anew that did not reach its log. A mark
// is where what was written is, and nowhere else.
#pragma once

#include <cstdint>
#include <string>

#include "collector/store/postgres/connection.h"

namespace assay::collector::postgres {

struct CommitMark {
  std::string session;
  std::int64_t number = 0;  // of the transaction in its session, from 1
};

// As the statement of a transaction that was begun, to be sent with the next ones; its caller
// waits for its answer before the COMMIT. With the first of a session, marks of sessions that
// ended long ago are taken away.
[[nodiscard]] Query leave_mark(Connection& connection, const CommitMark& mark);

// On another connection, outside of any transaction. Waits for the one that is asked about to
// end. What is answered is as durable as a commit: synchronous standbys have it.
[[nodiscard]] Result<bool> was_committed(Connection& connection, const CommitMark& mark);

}  // namespace assay::collector::postgres
