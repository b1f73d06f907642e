#include "agent/probes/linux/software/rpm/sqlite_packages.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>

#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"

namespace assay::agent {
namespace {

std::vector<std::string> names(std::string_view bytes, ByteSource* log = nullptr) {
  MemoryBytes file(bytes);
  auto found =
      names_of([&](const HeaderVisitor& visit) { return visit_sqlite_headers(file, log, visit); });
  std::ranges::sort(found);
  return found;
}

// A database that `sql` makes.
std::string database(const char* sql) {
  ::sqlite3* connection = nullptr;
  EXPECT_EQ(::sqlite3_open(":memory:", &connection), SQLITE_OK);
  EXPECT_EQ(::sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  ::sqlite3_int64 size = 0;
  auto* bytes = ::sqlite3_serialize(connection, "main", &size, 0);
  std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  ::sqlite3_free(bytes);
  ::sqlite3_close(connection);
  return out;
}

std::string fixture() {
  return read_fixture("rpm_sqlite/usr/lib/sysimage/rpm/rpmdb.sqlite");
}

TEST(SqlitePackagesTest, ReadsAllButTheRemovedOne) {
  EXPECT_EQ(names(fixture()),
            (std::vector<std::string>{"assay-large", "assay-tiny", "gpg-pubkey"}));
}

TEST(SqlitePackagesTest, ALogThatHoldsNoWholeTransactionChangesNothing) {
  MemoryBytes log("torn");
  EXPECT_EQ(names(fixture(), &log).size(), 3U);
}

TEST(SqlitePackagesTest, EveryCutIsAnError) {
  const auto bytes = fixture();
  for (std::size_t length = 0; length < bytes.size() - 4096; length += 509)
    EXPECT_TRUE(names(std::string_view(bytes).substr(0, length)).at(0).starts_with("failed"))
        << length;
}

TEST(SqlitePackagesTest, ADatabaseOfSomethingElseIsAnError) {
  EXPECT_TRUE(names(database("CREATE TABLE t(a)")).at(0).starts_with("failed"));
  EXPECT_TRUE(names(std::string(8192, 'x')).at(0).starts_with("failed"));
}

TEST(SqlitePackagesTest, AViewThatCountsForeverIsNoTable) {
  const auto endless = database(
      "CREATE VIEW Packages AS WITH RECURSIVE c(hnum, blob) AS (SELECT 1, x'00' UNION ALL SELECT "
      "hnum + 1, blob FROM c) SELECT * FROM c");
  EXPECT_TRUE(names(endless).at(0).starts_with("failed"));
}

TEST(SqlitePackagesTest, AHeaderThatIsNoBlobIsAnError) {
  const auto wrong = database(
      "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob BLOB); INSERT "
      "INTO Packages VALUES(1, 17)");
  EXPECT_TRUE(names(wrong).at(0).starts_with("failed"));
}

}  // namespace
}  // namespace assay::agent
