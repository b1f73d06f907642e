// Moves a company from the built-in store into a PostgreSQL database: every row of every table, as
// it is at one moment, with its numbers, so that the ledger and its order stay the same.
//
// Rows go in batches, a transaction each: a move that breaks off is gone on with by calling it
// again. The source is only read. Waits for both stores; used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct MoveOptions {
  std::string from;          // a file of SQLite that nobody serves
  std::string conninfo;      // as libpq reads it
  evidence::Digest company;  // the fingerprint of its CA: whose the rows in the database are
  evidence::Seconds now;
  // After each table: how many rows it has on both sides.
  std::function<void(std::string_view table, std::int64_t rows)> on_table;
};

// How many rows there are in all. kConflict: the database holds another company, or one that is
// served from there already. kInvalidData: a table has another number of rows there afterwards, or
// text that PostgreSQL does not store (NUL).
[[nodiscard]] Result<std::int64_t> move_store(const MoveOptions& options);

}  // namespace assay::collector
