#include "checks/engine/database.h"

#include <gtest/gtest.h>

namespace assay::checks {
namespace {

using evidence::Header;
using evidence::Table;
using evidence::Type;
using evidence::Value;

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    auto users = std::make_shared<Table>(
        Header{"users", 1, {{"uid", Type::kInteger}, {"username", Type::kText}}});
    users->add_row({std::int64_t{0}, std::string("root")});
    users->add_row({std::int64_t{1000}, std::string("mei\0ling", 8)});
    users->add_row({std::int64_t{1001}, evidence::kNull});
    ASSERT_TRUE(database_.show(users));
  }

  std::string refusal(std::string_view sql) {
    const auto result = database_.query(sql, 10);
    return result ? "accepted" : result.error().message();
  }

  Database database_ = *Database::open();
};

TEST_F(DatabaseTest, AnswersWithTypedCellsAndNulls) {
  const auto result = database_.query("SELECT uid, username FROM users ORDER BY uid", 10);
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->columns, (std::vector<std::string>{"uid", "username"}));
  EXPECT_EQ(result->rows[0][0], evidence::Value(std::int64_t{0}));
  EXPECT_EQ(result->rows[1][1], evidence::Value(std::string("mei\0ling", 8)));
  EXPECT_EQ(result->rows[2][1], evidence::Value());
}

TEST_F(DatabaseTest, CountsTheRowsItDoesNotKeep) {
  const auto result = database_.query("SELECT uid FROM users", 1);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->rows.size(), 1U);
  EXPECT_EQ(result->row_count, 3);
}

TEST_F(DatabaseTest, RefusesEverythingThatIsNotReading) {
  for (const auto* sql :
       {"INSERT INTO users VALUES(1,'x')", "UPDATE users SET uid=0", "DELETE FROM users",
        "CREATE TABLE t(x)", "DROP TABLE users", "ATTACH '/tmp/x' AS x", "PRAGMA user_version",
        "SELECT load_extension('/tmp/x.so')", "VACUUM INTO '/tmp/x'", "BEGIN",
        "SELECT * FROM sqlite_master", "SELECT * FROM pragma_table_info('users')",
        "WITH x AS (SELECT 1) INSERT INTO users SELECT 1, 'x'", "REINDEX", "EXPLAIN SELECT 1",
        "SELECT 1; DROP TABLE users", "SELECT writefile('/tmp/x', 'y')"})
    EXPECT_FALSE(database_.query(sql, 1)) << sql;
  EXPECT_EQ(database_.query("SELECT count(*) FROM users", 1)->rows[0][0],
            evidence::Value(std::int64_t{3}));
}

TEST_F(DatabaseTest, RefusesWhatWouldAnswerDifferentlyTomorrow) {
  EXPECT_EQ(refusal("SELECT date('now')"), "the function date() is not allowed in a query");
  EXPECT_EQ(refusal("SELECT random()"), "the function random() is not allowed in a query");
  EXPECT_EQ(refusal("SELECT CURRENT_DATE"),
            "the function current_date() is not allowed in a query");
  EXPECT_NE(refusal("SELECT julianday('now')"), "accepted");
  EXPECT_NE(refusal("SELECT sqlite_version()"), "accepted");
}

TEST_F(DatabaseTest, LearnsWhichTablesAQueryReads) {
  ASSERT_TRUE(database_.create(Header{"groups", 1, {{"gid", Type::kInteger}}}));
  const auto reads = database_.analyse(
      "WITH g AS (SELECT count(*) AS n FROM groups) SELECT username FROM users, g");
  ASSERT_TRUE(reads) << reads.error().message();
  EXPECT_EQ(reads->tables, (std::set<std::string>{"groups", "users"}));
}

// The authorizer is not told of a table of which the text names no column of its own.
TEST_F(DatabaseTest, LearnsOfATableThatIsOnlyJoined) {
  ASSERT_TRUE(database_.create(Header{"approved", 1, {{"username", Type::kText}}}));
  for (const auto* sql :
       {"SELECT uid FROM users JOIN approved USING (username)",
        "SELECT uid FROM users NATURAL JOIN approved", "SELECT uid FROM users, approved",
        "SELECT uid FROM users WHERE username IN approved",
        "SELECT uid FROM users WHERE EXISTS (SELECT 1 FROM approved)",
        "SELECT uid FROM users LEFT JOIN approved USING (username) WHERE approved.username IS "
        "NULL"}) {
    const auto reads = database_.analyse(sql);
    ASSERT_TRUE(reads) << reads.error().message();
    EXPECT_EQ(reads->tables, (std::set<std::string>{"approved", "users"})) << sql;
  }
  EXPECT_EQ(database_.analyse("SELECT uid FROM users")->tables, std::set<std::string>{"users"});
}

TEST_F(DatabaseTest, LearnsWhichParametersAQueryReads) {
  ASSERT_TRUE(database_.create(
      Header{"parameters", 1, {{"minlen", Type::kInteger}, {"history", Type::kInteger}}}));
  const auto reads = database_.analyse("SELECT uid FROM users, parameters p WHERE uid < p.minlen");
  ASSERT_TRUE(reads);
  EXPECT_EQ(reads->parameters, std::set<std::string>{"minlen"});
}

TEST_F(DatabaseTest, EndsAQueryThatNeverEnds) {
  const auto result = database_.query(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Code::kTooLarge);
}

TEST_F(DatabaseTest, EndsAnAnswerThatDoesNotFitIntoMemory) {
  const std::string million =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
      " WHERE i < 1000000) SELECT "
      "hex(hex(hex('0123456789012345678901234567890123456789012345678901234567890123')))||i FROM n";
  EXPECT_EQ(database_.query(million, 1'000'000).error().code(), Code::kTooLarge);
  EXPECT_EQ(database_.query(million, 10).value().row_count, 1'000'000);
}

TEST_F(DatabaseTest, EndsAValueThatDoublesForEver) {
  const auto result = database_.query(
      "WITH RECURSIVE n(t) AS (SELECT 'x' UNION ALL SELECT t || t FROM n) SELECT t FROM n", 1);
  EXPECT_EQ(result.error().code(), Code::kTooLarge);
}

TEST_F(DatabaseTest, AKeptStatementAnswersForTheTableThatIsShownNow) {
  auto database = Database::open(true).value();
  const auto show = [&](const Header& header, std::vector<evidence::Row> rows) {
    auto table = std::make_shared<Table>(header);
    for (auto& row : rows) table->add_row(std::move(row));
    ASSERT_TRUE(database.show(table));
  };
  const Header narrow{"users", 1, {{"uid", Type::kInteger}}};
  const Header wide{"users", 2, {{"username", Type::kText}, {"uid", Type::kInteger}}};
  const auto first = [&] { return database.query("SELECT uid FROM users", 10)->rows.at(0).at(0); };
  show(narrow, {{std::int64_t{1}}});
  EXPECT_EQ(first(), Value(std::int64_t{1}));
  show(narrow, {{std::int64_t{2}}});
  EXPECT_EQ(first(), Value(std::int64_t{2}));
  show(wide, {{std::string("root"), std::int64_t{3}}});
  EXPECT_EQ(first(), Value(std::int64_t{3})) << "an agent of another version";
  show(narrow, {{std::int64_t{4}}});
  EXPECT_EQ(first(), Value(std::int64_t{4}));
  EXPECT_FALSE(database.query("SELECT username FROM users", 1));
}

TEST_F(DatabaseTest, AnAnswerCutShortLeavesTheStatementFit) {
  auto database = Database::open(true).value();
  const std::string endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  EXPECT_EQ(database.query(endless, 1).error().code(), Code::kTooLarge);
  EXPECT_EQ(database.query(endless, 1).error().code(), Code::kTooLarge);
  EXPECT_EQ(database.query("SELECT 1", 1)->row_count, 1);
}

TEST_F(DatabaseTest, TellsAnUnknownColumn) {
  EXPECT_EQ(refusal("SELECT usrname FROM users"), "no such column: usrname");
  EXPECT_EQ(refusal("SELECT \"usrname\" FROM users"), "no such column: usrname");
}

}  // namespace
}  // namespace assay::checks
