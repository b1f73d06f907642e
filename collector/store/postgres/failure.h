// What went wrong in PostgreSQL: in our words, and what it means for the transaction.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

struct pg_conn;
struct pg_result;

namespace assay::collector::postgres {

enum class Trouble {
  kNone,     // to try again as it is would end in the same way
  kGiveWay,  // the transaction had to give way to others: once more from its beginning
  kLost,     // the connection is gone, or leads to a server that does not write: on another one
};

struct Failure {
  Error error;
  Trouble trouble = Trouble::kNone;
};

// By its SQLSTATE.
[[nodiscard]] Failure failure_of(const pg_result* result);
// The connection failed, or could not be made.
[[nodiscard]] Failure lost(const pg_conn* connection);
[[nodiscard]] Failure lost(std::string_view why);

}  // namespace assay::collector::postgres
