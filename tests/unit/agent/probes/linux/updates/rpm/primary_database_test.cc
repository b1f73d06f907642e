#include "agent/probes/linux/updates/rpm/primary_database.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/updates/rpm/sqlite_file.h"

namespace assay::agent {
namespace {

// The columns of createrepo's table that come before the last one that is read, and one behind it.
const std::string kTable =
    "CREATE TABLE db_info(dbversion INTEGER, checksum TEXT);"
    "CREATE TABLE packages(pkgKey INTEGER PRIMARY KEY, pkgId TEXT, name TEXT, arch TEXT, "
    "version TEXT, epoch TEXT, release TEXT, summary TEXT);";

std::string scanned(const std::string& bytes) {
  std::string found;
  MemoryBytes source(bytes);
  const auto done = scan_primary_database(
      source, [](std::string_view name) { return name != "other"; },
      [&](const OfferedRpm& package) {
        found += package.name + "|" + package.arch + "|" + package.version + "\n";
      });
  return done ? found : std::string(name_of(done.error().code())) + ": " + done.error().message();
}

TEST(PrimaryDatabaseTest, ListsThePackagesThatAreAskedFor) {
  EXPECT_EQ(scanned(sqlite_file(
                kTable +
                "INSERT INTO packages VALUES(1,'00','bash','x86_64','4.2.46','0','35.el7_9','s'),"
                "(2,'00','other','x86_64','1','0','1',''),(3,'00','dnf','noarch','4','2','1',''),"
                "(4,'00','older','noarch','4',NULL,'1',''),(5,'00','number','noarch',4,1,2,'')")),
            "bash|x86_64|4.2.46-35.el7_9\ndnf|noarch|2:4-1\nolder|noarch|4-1\n"
            "number|noarch|1:4-2\n");
  EXPECT_EQ(scanned(sqlite_file(kTable)), "");
}

TEST(PrimaryDatabaseTest, APackageThatLacksSomethingIsAnErrorNotARowLess) {
  for (const auto* row : {"NULL,'x','1','0','1'", "'a',NULL,'1','0','1'", "'a','x',NULL,'0','1'",
                          "'a','x','1','0',''", "x'6161','x','1','0','1'", "'a','x',x'31','0','1'"})
    EXPECT_EQ(scanned(sqlite_file(kTable +
                                  "INSERT INTO packages(name, arch, version, epoch, release) "
                                  "VALUES(" +
                                  row + ")")),
              "invalid_data: a package without name, architecture or version")
        << row;
}

TEST(PrimaryDatabaseTest, ALongTextIsRefused) {
  EXPECT_EQ(
      scanned(sqlite_file(kTable + "INSERT INTO packages(name, arch, version, epoch, release) "
                                   "VALUES(printf('%5000d', 1),'x','1','0','1')")),
      "too_large: a text longer than the limit");
  EXPECT_EQ(
      scanned(sqlite_file(kTable + "INSERT INTO packages(name, arch, version, epoch, release) "
                                   "VALUES(zeroblob(8000000),'x','1','0','1')"))
          .substr(0, 9),
      "too_large");
}

TEST(PrimaryDatabaseTest, WhatIsNoSuchDatabaseIsRefused) {
  EXPECT_EQ(scanned(""), "invalid_data: no database of SQLite, or one that is cut short");
  EXPECT_EQ(scanned(std::string(8192, 'x')).substr(0, 12), "invalid_data");
  EXPECT_TRUE(scanned(sqlite_file("CREATE TABLE filelist(x)"))
                  .starts_with("invalid_data: a database of SQLite with other tables"));
  EXPECT_EQ(scanned(sqlite_file("CREATE TABLE packages(name)")),
            "invalid_data: SQLite says: no such column: arch");
}

TEST(PrimaryDatabaseTest, ACutDatabaseIsRefused) {
  std::string rows = "INSERT INTO packages VALUES(0,'','a','x','1','0','1',printf('%3000d', 1))";
  for (int i = 1; i < 50; ++i)
    rows += ",(" + std::to_string(i) + ",'','a','x','1','0','1',printf('%3000d', 1))";
  const auto whole = sqlite_file(kTable + rows);
  for (std::size_t kept = whole.size() / 2; kept < whole.size(); kept += 1024)
    EXPECT_EQ(scanned(whole.substr(0, kept)).substr(0, 12), "invalid_data") << kept;
}

TEST(PrimaryDatabaseTest, NothingThatTheSchemaWouldRunRuns) {
  for (const auto* schema :
       {"CREATE VIEW packages AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS name, i AS arch, i AS epoch, i AS version, i AS release FROM n",
        "CREATE TABLE packages(name AS (hex(zeroblob(1000000))), arch, version, epoch, release); "
        "INSERT INTO packages(arch) VALUES('x')",
        "CREATE TABLE packages(arch, name AS (arch || arch) STORED, version, epoch, release); "
        "INSERT INTO packages(arch) VALUES('x')",
        "CREATE VIRTUAL TABLE packages USING fts5(name, arch, epoch, version, release); "
        "INSERT INTO packages VALUES(1,1,1,1,1)"})
    EXPECT_EQ(scanned(sqlite_file(schema)), "invalid_data: a database of SQLite with other tables")
        << schema;
}

class DatabaseFileTest : public testing::Test {
 protected:
  DatabaseFileTest() {
    host_.files["/l.sqlite"] =
        sqlite_file(kTable + "INSERT INTO packages VALUES(1,'','a','x','1','0','1','')");
  }
  Result<std::uint64_t> scan(Host& host, const std::string& path) {
    return scan_database(
        host, path, [](std::string_view) { return true; },
        [&](const OfferedRpm& package) { found_ += package.name; });
  }

  MemoryHost host_;
  std::string found_;
};

TEST_F(DatabaseFileTest, IsReadWhereItLies) {
  EXPECT_EQ(scan(host_, "/l.sqlite"), host_.files["/l.sqlite"].size());
  EXPECT_EQ(found_, "a");
}

TEST_F(DatabaseFileTest, AFailureToReadIsTold) {
  FailingHost host(host_);
  host.fail_path("/l.sqlite", Error(Code::kPermissionDenied, "not ours"));
  EXPECT_EQ(scan(host, "/l.sqlite").error().code(), Code::kPermissionDenied);
  EXPECT_EQ(scan(host_, "/other.sqlite").error().code(), Code::kNotFound);
  host_.files["/l.sqlite.gz"] = "x";
  EXPECT_EQ(scan(host_, "/l.sqlite.gz").error().code(), Code::kInvalidData);
  EXPECT_EQ(scan(host_, "/l.sqlite.lzma").error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
