// SQL over tables of evidence, in memory. A query may read the tables that were
// put in and nothing else: no write, attach, pragma, extension, clock or random
// number, so that the same tables always give the same answer.
//
// One Database belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/table.h"

struct sqlite3;

namespace assay::checks {

// What a statement reads, as SQLite's authorizer reports it while the statement is prepared.
struct Reads {
  std::set<std::string> tables;
  std::set<std::string> parameters;  // columns of the table `parameters`
  std::vector<std::string> columns;  // of the answer
};

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<evidence::Row> rows;  // at most the number that was asked for
  std::int64_t row_count = 0;       // all of them
};

// A query ends with kTooLarge after this many steps of SQLite's machine; a bound
// in steps and not in time keeps the answer the same on every machine.
inline constexpr std::int64_t kMaxQuerySteps = 50'000'000;

// A query ends with kTooLarge when the rows that it keeps would take more than this.
inline constexpr std::size_t kMaxQueryBytes = 64U << 20U;

class Database {
 public:
  // With `keeps_statements` a query that is asked again is not prepared again, for some 20 KB each.
  [[nodiscard]] static Result<Database> open(bool keeps_statements = false);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  // An empty table under the header's name and columns; one of that name before it is gone.
  [[nodiscard]] Status create(const evidence::Header& header);
  // The rows under the table's name are those of `table` from now on, without a copy.
  [[nodiscard]] Status show(std::shared_ptr<const evidence::Table> table);

  // kConfiguration with SQLite's words when the SQL is wrong or not allowed.
  [[nodiscard]] Result<Reads> analyse(std::string_view sql);
  // Runs one SELECT. Keeps `max_rows` rows and counts the rest. kTooLarge: over a limit above, or
  // one value over 16 MiB.
  [[nodiscard]] Result<QueryResult> query(std::string_view sql, std::int64_t max_rows);

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace assay::checks
