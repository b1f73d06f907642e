// A database file of SQLite that is read through a ByteSource: nothing is
// opened, locked, written or kept in memory beyond SQLite's small cache.
//
// With a write-ahead log beside it, what its complete transactions hold counts.
// Used by one thread at a time.
#pragma once

#include <memory>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/result.h"

struct sqlite3;

namespace assay::agent {

class SqliteBytes {
 public:
  // `database` and `log` must outlive this. `log`: nullptr when there is none or it is empty.
  [[nodiscard]] static Result<SqliteBytes> open(ByteSource& database, ByteSource* log);

  SqliteBytes(SqliteBytes&&) noexcept;
  SqliteBytes& operator=(SqliteBytes&&) noexcept;
  ~SqliteBytes();

  [[nodiscard]] ::sqlite3* connection() const;
  // True for a plain table that has the column: no view, which could count without an end, none
  // that an extension makes up, none with columns that are worked out. Else error() tells why.
  [[nodiscard]] bool has_table(const char* table, const char* column) const;
  // Of the call that failed last: the reading's own error where it was that.
  [[nodiscard]] Error error() const;

 private:
  struct Files;
  explicit SqliteBytes(std::unique_ptr<Files> files);
  std::unique_ptr<Files> files_;
};

// SQLite takes the missing end of a last page for zeros, and so a file cut there for whole.
[[nodiscard]] bool ends_with_a_page(ByteSource& database);

}  // namespace assay::agent
