// The bytes of a database file of SQLite, as a test states its contents.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

namespace assay::agent {

inline std::string sqlite_file(const std::string& statements) {
  sqlite3* db = nullptr;
  sqlite3_open(":memory:", &db);
  EXPECT_EQ(sqlite3_exec(db, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(db, "main", &size, 0);
  std::string copy(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(db);
  return copy;
}

}  // namespace assay::agent
