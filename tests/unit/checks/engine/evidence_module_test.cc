// A table that is only shown answers every query as an ordinary table of SQLite's own does.
#include "checks/engine/evidence_module.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <random>

namespace assay::checks {
namespace {

using evidence::Header;
using evidence::Table;
using evidence::Type;
using evidence::Value;

struct Closer {
  void operator()(sqlite3* db) const { (void)sqlite3_close(db); }
  void operator()(sqlite3_stmt* statement) const { (void)sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Closer>;

Handle opened() {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &db), SQLITE_OK);
  return Handle(db);
}

Header header(const std::string& table) {
  return {table, 1, {{"name", Type::kText}, {"number", Type::kInteger}, {"path", Type::kText}}};
}

// Rows of texts that look like numbers, differ in case, share beginnings or hold what GLOB reads
// as special, and of NULLs.
Table made_up(const std::string& name, std::mt19937& random, std::size_t rows) {
  static const std::vector<Value> kTexts = {
      std::string(),      std::string("5"),       std::string("05"),  std::string("a"),
      std::string("A"),   std::string("ab"),      std::string("abc"), std::string("ab*"),
      std::string("[x]"), std::string("b\0c", 3), std::string("é"),   evidence::kNull};
  const auto any = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  Table table(header(name));
  for (std::size_t i = 0; i < rows; ++i) {
    const auto number = any(8);
    table.add_row({kTexts[any(kTexts.size())],
                   number == 0 ? Value() : Value(static_cast<std::int64_t>(number)),
                   kTexts[any(kTexts.size())]});
  }
  return table;
}

void fill_ordinary(sqlite3* db, const Table& table) {
  const auto& name = table.header().table;
  const auto create = "CREATE TABLE " + name + "(name TEXT, number INTEGER, path TEXT)";
  ASSERT_EQ(sqlite3_exec(db, create.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_stmt* raw = nullptr;
  const auto insert = "INSERT INTO " + name + " VALUES(?,?,?)";
  ASSERT_EQ(sqlite3_prepare_v2(db, insert.c_str(), -1, &raw, nullptr), SQLITE_OK);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
  for (const auto& row : table.rows()) {
    for (int i = 0; i < 3; ++i) {
      const auto& value = row[static_cast<std::size_t>(i)];
      if (const auto* text = std::get_if<std::string>(&value))
        (void)sqlite3_bind_text(raw, i + 1, text->data(), static_cast<int>(text->size()),
                                SQLITE_STATIC);
      else if (const auto* number = std::get_if<std::int64_t>(&value))
        (void)sqlite3_bind_int64(raw, i + 1, *number);
      else
        (void)sqlite3_bind_null(raw, i + 1);
    }
    ASSERT_EQ(sqlite3_step(raw), SQLITE_DONE);
    (void)sqlite3_reset(raw);
  }
}

// Every row as text with its types, sorted.
std::vector<std::string> answer(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &raw, nullptr), SQLITE_OK)
      << sql << ": " << sqlite3_errmsg(db);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
  std::vector<std::string> rows;
  while (raw != nullptr && sqlite3_step(raw) == SQLITE_ROW) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      row += std::to_string(sqlite3_column_type(raw, i)) + ":";
      if (const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(raw, i)))
        row.append(text, static_cast<std::size_t>(sqlite3_column_bytes(raw, i)));
      row += '|';
    }
    rows.push_back(std::move(row));
  }
  std::ranges::sort(rows);
  return rows;
}

constexpr const char* kQueries[] = {
    "SELECT * FROM s",
    "SELECT count(*), count(name), sum(number) FROM s",
    "SELECT * FROM s WHERE name = 'ab'",
    "SELECT * FROM s WHERE name = 5",
    "SELECT * FROM s WHERE name = 5.0",
    "SELECT * FROM s WHERE number = '5'",
    "SELECT * FROM s WHERE number = '05'",
    "SELECT * FROM s WHERE number = 5.0",
    "SELECT * FROM s WHERE number = 5.5",
    "SELECT * FROM s WHERE name = NULL",
    "SELECT * FROM s WHERE name IS NULL",
    "SELECT * FROM s WHERE name IS 'a'",
    "SELECT * FROM s WHERE name = 'A' COLLATE NOCASE",
    "SELECT * FROM s WHERE name = 'a' AND number = 3",
    "SELECT * FROM s WHERE name = 'a' AND name = 'ab'",
    "SELECT * FROM s WHERE name = 'a' AND number = 3 AND path = 'abc'",
    "SELECT * FROM s WHERE name = 'a' OR path = 'abc'",
    "SELECT * FROM s WHERE name IN ('a', 'abc', NULL) AND number IN (1, 2, '3')",
    "SELECT * FROM s WHERE number BETWEEN 2 AND 4 AND name > 'a'",
    "SELECT * FROM s WHERE name GLOB 'ab*'",
    "SELECT * FROM s WHERE name GLOB '*'",
    "SELECT * FROM s WHERE name GLOB '[x]'",
    "SELECT * FROM s WHERE name GLOB '[[]x]'",
    "SELECT * FROM s WHERE name GLOB 5",
    "SELECT * FROM s WHERE number GLOB '5'",
    "SELECT * FROM s WHERE name GLOB NULL",
    "SELECT * FROM s WHERE name LIKE 'AB%'",
    "SELECT * FROM s WHERE 'abc' GLOB name",
    "SELECT rowid, * FROM s WHERE rowid = 3",
    "SELECT rowid, * FROM s WHERE rowid IN (0, 1, 2, 1000000, -1, '2', 2.0, 2.5, 'x', NULL)",
    "SELECT a.*, b.* FROM s a JOIN t b ON a.name = b.path",
    "SELECT a.*, b.* FROM s a JOIN t b ON a.name = b.number",
    "SELECT a.*, b.* FROM s a LEFT JOIN t b ON a.name = b.name AND b.number = a.number",
    "SELECT a.name, b.name FROM s a LEFT JOIN t b ON b.name GLOB a.name",
    "SELECT a.name, b.name FROM t a CROSS JOIN s b ON b.path GLOB a.path || '*'",
    "SELECT a.rowid, b.rowid FROM s a JOIN s b ON b.rowid = a.rowid + 1",
    "SELECT name FROM s WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.name = s.name)",
    "SELECT name, (SELECT max(number) FROM t WHERE t.name = s.name) FROM s",
    "WITH x AS MATERIALIZED (SELECT DISTINCT name FROM s) SELECT * FROM x JOIN t USING (name)",
    "SELECT DISTINCT name FROM s",
    "SELECT DISTINCT number FROM s",
    "SELECT DISTINCT name FROM s WHERE name <> 'a'",
    "SELECT DISTINCT name FROM s WHERE name GLOB 'ab*'",
    "SELECT DISTINCT name FROM s WHERE number > 2",
    "SELECT DISTINCT name COLLATE NOCASE FROM s WHERE upper(name) = name",
    "SELECT DISTINCT name FROM s ORDER BY name DESC",
    "SELECT DISTINCT name, number FROM s",
    "SELECT DISTINCT s.name FROM s, t WHERE t.number = 3",
    "SELECT DISTINCT s.name FROM s JOIN t ON t.number = s.number",
    "SELECT count(*) FROM (SELECT DISTINCT path FROM s)",
    "SELECT count(DISTINCT name) FROM s",
    "SELECT max(number) FROM s GROUP BY path",
    "SELECT name FROM s UNION SELECT path FROM t",
    "WITH x AS MATERIALIZED (SELECT DISTINCT name FROM s WHERE name NOT LIKE 'a%') SELECT * FROM x",
    "SELECT name, count(*) FROM s GROUP BY name HAVING count(*) > 2",
    "SELECT name FROM s EXCEPT SELECT name FROM t",
};

TEST(EvidenceModule, AnswersAsAnOrdinaryTableDoes) {
  std::mt19937 random(20261128);
  for (const std::size_t rows : {0U, 1U, 7U, 60U, 300U}) {
    bool declares = false;
    ShownTable s(header("s"), declares);
    ShownTable t(header("t"), declares);
    const auto shown = opened();
    const auto ordinary = opened();
    for (auto* one : {&s, &t}) {
      auto table = std::make_shared<const Table>(made_up(one->header().table, random, rows));
      fill_ordinary(ordinary.get(), *table);
      one->show(table);
      ASSERT_TRUE(add_evidence_table(shown.get(), *one));
    }
    for (const auto* sql : kQueries)
      EXPECT_EQ(answer(shown.get(), sql), answer(ordinary.get(), sql)) << sql << " of " << rows;
  }
}

TEST(EvidenceModule, AStatementSeesTheTableThatIsShownWhenItRuns) {
  bool declares = false;
  ShownTable s(header("s"), declares);
  const auto db = opened();
  ASSERT_TRUE(add_evidence_table(db.get(), s));
  sqlite3_stmt* raw = nullptr;
  ASSERT_EQ(
      sqlite3_prepare_v2(db.get(), "SELECT count(*) FROM s WHERE name = 'x'", -1, &raw, nullptr),
      SQLITE_OK);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
  const auto count = [&] {
    (void)sqlite3_reset(raw);
    EXPECT_EQ(sqlite3_step(raw), SQLITE_ROW);
    return sqlite3_column_int(raw, 0);
  };
  EXPECT_EQ(count(), 0);
  Table one(header("s"));
  one.add_row({std::string("x"), std::int64_t{1}, evidence::kNull});
  s.show(std::make_shared<const Table>(one));
  EXPECT_EQ(count(), 1);
  one.add_row({std::string("x"), std::int64_t{2}, evidence::kNull});
  s.show(std::make_shared<const Table>(one));
  EXPECT_EQ(count(), 2);
  s.show(std::make_shared<const Table>(header("s")));
  EXPECT_EQ(count(), 0);
}

TEST(EvidenceModule, RowsOfALookUpComeInTheirOrder) {
  bool declares = false;
  ShownTable s(header("s"), declares);
  const auto db = opened();
  ASSERT_TRUE(add_evidence_table(db.get(), s));
  Table table(header("s"));
  for (std::int64_t i = 0; i < 100; ++i)
    table.add_row({std::string(i % 3 == 0 ? "x" : "y"), i, evidence::kNull});
  s.show(std::make_shared<const Table>(std::move(table)));
  sqlite3_stmt* raw = nullptr;
  ASSERT_EQ(
      sqlite3_prepare_v2(db.get(), "SELECT number FROM s WHERE name = 'x'", -1, &raw, nullptr),
      SQLITE_OK);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
  int before = -1;
  int rows = 0;
  while (sqlite3_step(raw) == SQLITE_ROW) {
    EXPECT_GT(sqlite3_column_int(raw, 0), before);
    before = sqlite3_column_int(raw, 0);
    ++rows;
  }
  EXPECT_EQ(rows, 34);
}

}  // namespace
}  // namespace assay::checks
