#include "agent/probes/linux/accounts/logins/last_logins.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/accounts/logins/login_bytes.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

MemoryHost two_accounts() {
  MemoryHost host;
  host.files["/etc/passwd"] = "root:x:0:0::/root:/bin/sh\nlin:x:1000:1000::/home/lin:/bin/sh\n";
  return host;
}

// The bytes of a database file that holds what the statements make.
std::string database(const std::string& sql) {
  sqlite3* open = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &open), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(open, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_int64 size = 0;
  auto* bytes = sqlite3_serialize(open, "main", &size, 0);
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(open);
  return text;
}

constexpr const char* kWtmpTable =
    "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, "
    "Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;";

TEST(LastLogins, TakeTheLatestOfWtmpAndItsRotatedFile) {
  auto host = two_accounts();
  host.files["/var/log/wtmp.1"] = wtmp_record(2, "reboot", 100) + wtmp_record(7, "lin", 150);
  host.files["/var/log/wtmp"] = wtmp_record(7, "lin", 300, "pts/3", "192.0.2.7") +
                                wtmp_record(8, "lin", 400) + wtmp_record(7, "root", 250, "tty1");
  const auto table = good(collect_last_logins(host));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(row(table, 0, {"uid", "username", "time", "tty", "host", "source"}),
            "0|root|250|tty1|NULL|/var/log/wtmp");
  EXPECT_EQ(row(table, 1, {"uid", "time", "tty", "host", "recorded_since", "note"}),
            "1000|300|pts/3|192.0.2.7|100|NULL");
}

TEST(LastLogins, TellNeverFromNotRecorded) {
  auto host = two_accounts();
  EXPECT_EQ(cell(good(collect_last_logins(host)), "username", "lin", "note"),
            "this machine notes no logins: whether the account was ever used is not known");
  host.files["/var/log/wtmp"] = wtmp_record(7, "root", 250);
  const auto table = good(collect_last_logins(host));
  EXPECT_EQ(cell(table, "username", "lin", "time"), "NULL");
  EXPECT_EQ(cell(table, "username", "lin", "note"), "no login is noted in /var/log/wtmp");
  EXPECT_EQ(cell(table, "username", "lin", "recorded_since"), "250");
}

TEST(LastLogins, AnEmptyWtmpIsNoRecord) {
  auto host = two_accounts();
  host.files["/var/log/wtmp"] = "";
  host.files["/var/log/lastlog"] = "";
  EXPECT_EQ(cell(good(collect_last_logins(host)), "username", "lin", "recorded_since"), "NULL");
}

TEST(LastLogins, ReadLastlogByUid) {
  auto host = two_accounts();
  std::string lastlog(292 * 1001, '\0');
  lastlog.replace(292 * 1000, 292, lastlog_record(77, "pts/1", "198.51.100.1"));
  host.files["/var/log/lastlog"] = lastlog;
  const auto table = good(collect_last_logins(host));
  EXPECT_EQ(row(table, 1, {"time", "host", "source", "recorded_since"}),
            "77|198.51.100.1|/var/log/lastlog|NULL");
  EXPECT_EQ(cell(table, "username", "root", "note"),
            "no login is noted in /var/log/lastlog; when these notes begin is not known");
}

TEST(LastLogins, ReadWtmpdbAndLastlog2) {
  auto host = two_accounts();
  host.files["/var/lib/wtmpdb/wtmp.db"] =
      database(std::string(kWtmpTable) +
               "INSERT INTO wtmp(Type,User,Login,TTY) VALUES (1,'reboot',100000000,'~'),"
               "(3,'lin',200000000,'pts/0'),(3,'lin',300000000,'pts/1');");
  host.files["/var/lib/lastlog/lastlog2.db"] = database(
      "CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, "
      "Service TEXT) STRICT; INSERT INTO Lastlog2 VALUES('root',500,'ssh','192.0.2.1','sshd')");
  const auto table = good(collect_last_logins(host));
  EXPECT_EQ(row(table, 0, {"time", "host", "source"}),
            "500|192.0.2.1|/var/lib/lastlog/lastlog2.db");
  EXPECT_EQ(row(table, 1, {"time", "tty", "source", "recorded_since"}),
            "300|pts/1|/var/lib/wtmpdb/wtmp.db|100");
}

TEST(LastLogins, OpenADatabaseThatWasKeptWithALog) {
  auto host = two_accounts();
  auto bytes = database(std::string(kWtmpTable) +
                        "INSERT INTO wtmp(Type,User,Login) VALUES (3,'lin',200000000)");
  bytes[18] = bytes[19] = 2;
  host.files["/var/lib/wtmpdb/wtmp.db"] = bytes;
  host.files["/var/lib/wtmpdb/wtmp.db-wal"] = "newer";
  const auto table = good(collect_last_logins(host));
  EXPECT_EQ(cell(table, "username", "lin", "time"), "200");
  EXPECT_NE(cell(table, "username", "lin", "note").find("-wal"), std::string::npos);
}

TEST(LastLogins, NameWhoIsNoLocalAccount) {
  auto host = two_accounts();
  host.files["/var/log/wtmp"] = wtmp_record(7, "mei@corp.example.com", 250);
  const auto table = good(collect_last_logins(host));
  EXPECT_EQ(cell(table, "username", "mei@corp.example.com", "uid"), "NULL");
  EXPECT_EQ(cell(table, "username", "mei@corp.example.com", "note"),
            "no account of /etc/passwd: of a directory, or removed");
}

TEST(LastLogins, AreUnavailableWhenAFileIsNoneOfLogins) {
  for (const auto* path : {"/var/log/wtmp", "/var/log/lastlog", "/var/lib/wtmpdb/wtmp.db"}) {
    auto host = two_accounts();
    host.files[path] = std::string(1000, 'x');
    const auto table = collect_last_logins(host);
    ASSERT_FALSE(table) << path;
    EXPECT_EQ(table.error().code(), Code::kInvalidData);
    EXPECT_NE(table.error().message().find(path), std::string::npos) << table.error().message();
  }
}

TEST(LastLogins, EndADatabaseThatWouldNeverEnd) {
  auto host = two_accounts();
  host.files["/var/lib/lastlog/lastlog2.db"] = database(
      "CREATE VIEW Lastlog2 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
      "SELECT 'x' AS Name, 0 AS Time, '' AS TTY, '' AS RemoteHost FROM n");
  EXPECT_FALSE(collect_last_logins(host));
}

}  // namespace
}  // namespace assay::agent
