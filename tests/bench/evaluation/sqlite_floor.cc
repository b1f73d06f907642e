#include "tests/bench/evaluation/sqlite_floor.h"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace assay::bench {

namespace {

constexpr std::size_t kRows = 1'500;
constexpr int kSelects = 60;

struct Closer {
  void operator()(sqlite3* db) const { (void)sqlite3_close(db); }
  void operator()(sqlite3_stmt* statement) const { (void)sqlite3_finalize(statement); }
};

void require(bool holds) {
  if (!holds) throw std::runtime_error("the floor could not be measured");
}

std::unique_ptr<sqlite3_stmt, Closer> prepared(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  return std::unique_ptr<sqlite3_stmt, Closer>(statement);
}

void bind(sqlite3_stmt* statement, int at, const evidence::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    (void)sqlite3_bind_int64(statement, at, *number);
  else if (const auto* text = std::get_if<std::string>(&value))
    (void)sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()),
                            SQLITE_STATIC);
  else
    (void)sqlite3_bind_null(statement, at);
}

}  // namespace

void work_of_the_floor(const evidence::Table& packages) {
  sqlite3* raw = nullptr;
  require(sqlite3_open(":memory:", &raw) == SQLITE_OK);
  const std::unique_ptr<sqlite3, Closer> db(raw);
  std::string columns;
  std::string marks;
  for (const auto& column : packages.header().columns) {
    columns += (columns.empty() ? "" : ",") + column.name;
    marks += marks.empty() ? "?" : ",?";
  }
  require(sqlite3_exec(raw, ("CREATE TABLE p(" + columns + ");BEGIN").c_str(), nullptr, nullptr,
                       nullptr) == SQLITE_OK);
  const auto insert = prepared(raw, "INSERT INTO p VALUES(" + marks + ")");
  for (std::size_t i = 0; i < kRows; ++i) {
    const auto& row = packages.rows()[i];
    for (std::size_t at = 0; at < row.size(); ++at)
      bind(insert.get(), static_cast<int>(at) + 1, row[at]);
    require(sqlite3_step(insert.get()) == SQLITE_DONE);
    (void)sqlite3_reset(insert.get());
  }
  require(sqlite3_exec(raw, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK);
  for (int i = 0; i < kSelects; ++i) {
    const auto select =
        prepared(raw, "SELECT name, version FROM p WHERE name = 'x" + std::to_string(i) + "'");
    require(sqlite3_step(select.get()) == SQLITE_DONE);
  }
}

}  // namespace assay::bench
