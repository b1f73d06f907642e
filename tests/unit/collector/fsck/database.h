// A store's file, cell by cell, past the store.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

namespace assay::collector {

// A cell of the database, and how to write it anew.
struct Cell {
  std::string table;
  std::string column;
  std::int64_t row = 0;
};

class Database {
 public:
  explicit Database(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &db_), SQLITE_OK);
    sqlite3_busy_timeout(db_, 5000);
  }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Each row's first column as text.
  std::vector<std::string> texts(const std::string& sql) {
    std::vector<std::string> out;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      out.emplace_back(text == nullptr ? "" : text);
    }
    sqlite3_finalize(statement);
    return out;
  }
  std::vector<Cell> cells(const std::string& table, const std::string& column) {
    std::vector<Cell> out;
    for (const auto& row :
         texts("SELECT rowid FROM " + table + " WHERE " + column + " IS NOT NULL ORDER BY rowid"))
      out.push_back({table, column, std::stoll(row)});
    return out;
  }
  // The value of a cell; owned by the caller.
  sqlite3_value* read(const Cell& cell) {
    const std::string sql = "SELECT " + cell.column + " FROM " + cell.table +
                            " WHERE rowid = " + std::to_string(cell.row);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW) << sql;
    auto* value = sqlite3_value_dup(sqlite3_column_value(statement, 0));
    sqlite3_finalize(statement);
    return value;
  }
  template <typename Bind>
  bool write(const Cell& cell, Bind bind) {
    const std::string sql = "UPDATE " + cell.table + " SET " + cell.column +
                            " = ? WHERE rowid = " + std::to_string(cell.row);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    bind(statement);
    const bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return is_done && sqlite3_changes(db_) == 1;
  }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace assay::collector
