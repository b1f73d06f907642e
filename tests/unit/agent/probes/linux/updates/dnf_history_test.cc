#include <gtest/gtest.h>

#include "agent/probes/linux/updates/history/past_run.h"
#include "tests/unit/agent/probes/linux/updates/rpm/sqlite_file.h"

namespace assay::agent {
namespace {

constexpr auto kDnf4 =
    "CREATE TABLE trans(id INTEGER PRIMARY KEY, dt_begin INTEGER, user_id INTEGER, cmdline TEXT, "
    "state INTEGER);"
    "CREATE TABLE trans_item(id INTEGER PRIMARY KEY, trans_id INTEGER, action INTEGER);"
    "INSERT INTO trans VALUES(1, 1795222923, 4294967295, '', 1), (2, 1795222999, 1000, 'up -y', 2);"
    "INSERT INTO trans_item VALUES(1,1,6),(2,1,7),(3,1,6),(4,1,1),(5,2,8);";

Result<std::vector<PastRun>> read(const std::string& bytes) {
  MemoryBytes source(bytes);
  return read_dnf_history(source, nullptr);
}

std::string shown(const std::string& bytes) {
  const auto runs = read(bytes);
  if (!runs) return runs.error().message();
  std::string all;
  for (const auto& run : *runs)
    all += run.manager + " " + run.time + " " + std::to_string(*run.installed) +
           std::to_string(*run.upgraded) + std::to_string(*run.removed) +
           (run.is_automatic.value_or(false) ? " automatic" : "") +
           (run.has_succeeded.value_or(false) ? " good;" : ";");
  return all;
}

TEST(DnfHistoryTest, ReadsVersion4) {
  EXPECT_EQ(shown(sqlite_file(kDnf4)),
            "dnf 2026-11-21 01:03:19 001;dnf 2026-11-21 01:02:03 120 automatic good;");
}

TEST(DnfHistoryTest, ReadsVersion5) {
  EXPECT_EQ(shown(sqlite_file(
                "CREATE TABLE trans(id INTEGER PRIMARY KEY, dt_begin INTEGER, user_id INTEGER, "
                "state_id INTEGER); CREATE TABLE trans_state(id INTEGER, name TEXT);"
                "CREATE TABLE trans_item(trans_id INTEGER, action_id INTEGER);"
                "CREATE TABLE trans_item_action(id INTEGER, name TEXT);"
                "INSERT INTO trans_state VALUES(1,'Started'),(2,'Ok'),(3,'Error');"
                "INSERT INTO trans_item_action VALUES(1,'Install'),(2,'Upgrade'),(5,'Replaced');"
                "INSERT INTO trans VALUES(1, 1795222923, 0, 2);"
                "INSERT INTO trans_item VALUES(1,2),(1,5),(1,1);")),
            "dnf 2026-11-21 01:02:03 110 good;");
}

TEST(DnfHistoryTest, ReadsYum) {
  EXPECT_EQ(
      shown(sqlite_file(
          "CREATE TABLE trans_beg(tid INTEGER, timestamp INTEGER, loginuid INTEGER);"
          "CREATE TABLE trans_end(tid INTEGER, return_code INTEGER);"
          "CREATE TABLE trans_data_pkgs(tid INTEGER, state TEXT);"
          "INSERT INTO trans_beg VALUES(1, 1795222923, 0); INSERT INTO trans_end VALUES(1, 0);"
          "INSERT INTO trans_data_pkgs VALUES(1,'Update'),(1,'Updated'),(1,'Erase');")),
      "yum 2026-11-21 01:02:03 011 good;");
}

TEST(DnfHistoryTest, WhatIsNoSuchDatabaseIsRefused) {
  EXPECT_FALSE(read("x").has_value());
  EXPECT_EQ(shown(sqlite_file("CREATE TABLE other(x);")),
            "a history of a layout that is not known");
  EXPECT_EQ(shown(sqlite_file(
                "CREATE TABLE trans(id INTEGER, dt_begin INTEGER, user_id INTEGER, state INTEGER);"
                "CREATE TABLE trans_item(trans_id INTEGER, action INTEGER);"
                "INSERT INTO trans VALUES(1, -5, 0, 1);")),
            "a run without a time");
}

TEST(DnfHistoryTest, ADatabaseThatIsCutShortIsAnErrorNotAShorterHistory) {
  const auto whole = sqlite_file(kDnf4);
  for (const auto size : {whole.size() / 2, whole.size() - 1})
    EXPECT_FALSE(read(whole.substr(0, size)).has_value()) << size;
}

TEST(DnfHistoryTest, AHostileSchemaEndsInTime) {
  const auto bytes = sqlite_file(
      "CREATE TABLE trans_item(trans_id INTEGER, action INTEGER);"
      "CREATE VIEW trans AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
      "SELECT i AS id, 1 AS dt_begin, 1 AS user_id, 1 AS state FROM n;");
  EXPECT_FALSE(read(bytes).has_value());
}

}  // namespace
}  // namespace assay::agent
