#include "agent/probes/linux/updates/history/package_installs.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/updates/rpm/sqlite_file.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kApt = "/var/log/apt/history.log";
constexpr const char* kDpkg = "/var/log/dpkg.log";
const std::vector<std::string_view> kWhat = {"manager", "name",     "architecture", "version",
                                             "time",    "username", "uid",          "automatic"};

evidence::Table collected(std::map<std::string, std::string> files) {
  MemoryHost host;
  for (auto& [path, text] : files) host.files[path] = text;
  return good(collect_package_installs(host));
}

std::vector<std::string> rows_of(const evidence::Table& table) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < table.rows().size(); ++i) rows.push_back(row(table, i, kWhat));
  return rows;
}

TEST(PackageInstallsTest, ApkTellsNeitherWhoAskedNorWhatCameAlong) {
  EXPECT_EQ(rows_of(collected({{"/var/log/apk.log",
                                "\nRunning `apk add x` at 2026-11-21 03:00:00\n"
                                "(1/3) Installing liby (1.1-r0)\n(2/3) Installing x (2-r1)\n"
                                "(3/3) Upgrading z (1-r0 -> 1-r1)\nOK: 8 MiB in 14 packages\n"}})),
            (std::vector<std::string>{"apk|liby|NULL|1.1-r0|2026-11-21 03:00:00|NULL|NULL|NULL",
                                      "apk|x|NULL|2-r1|2026-11-21 03:00:00|NULL|NULL|NULL"}));
}

TEST(PackageInstallsTest, AptTellsWhoAskedAndWhatCameAlong) {
  const auto table = collected(
      {{kApt,
        "\nStart-Date: 2026-11-21  09:00:00\nCommandline: apt install x\nRequested-By: ann (1000)\n"
        "Install: x:amd64 (1:2.0~rc1-1), liby:i386 (2, automatic)\nUpgrade: z:amd64 (1, 2)\n"
        "End-Date: 2026-11-21  09:00:03\n"
        "\nStart-Date: 2026-11-22  10:00:00\nInstall: w:amd64 (3)\n"
        "End-Date: 2026-11-22  10:00:01\n"}});
  EXPECT_EQ(rows_of(table),
            (std::vector<std::string>{"apt|w|amd64|3|2026-11-22 10:00:00|NULL|NULL|0",
                                      "apt|liby|i386|2|2026-11-21 09:00:00|ann|1000|1",
                                      "apt|x|amd64|1:2.0~rc1-1|2026-11-21 09:00:00|ann|1000|0"}));
  EXPECT_EQ(row(table, 0, {"source"}), kApt);
}

TEST(PackageInstallsTest, TheLastTimeCounts) {
  const auto table = collected(
      {{kApt, "\nStart-Date: 2026-11-21  09:00:00\nInstall: x:amd64 (2)\n"},
       {std::string(kApt) + ".1",
        "\nStart-Date: 2026-10-21  09:00:00\nRequested-By: bob (1001)\nInstall: x:amd64 (1)\n"}});
  EXPECT_EQ(rows_of(table),
            (std::vector<std::string>{"apt|x|amd64|2|2026-11-21 09:00:00|NULL|NULL|0"}));
}

TEST(PackageInstallsTest, DpkgTellsWhatAptDoesNot) {
  const auto table = collected(
      {{kApt, "\nStart-Date: 2026-11-21  09:00:00\nInstall: x:amd64 (1)\n"},
       {kDpkg,
        "2026-11-21 09:00:01 startup archives unpack\n"
        "2026-11-21 09:00:01 install x:all <none> 1\n2026-11-21 09:00:02 upgrade v:amd64 1 2\n"
        "2026-11-23 11:00:00 install byhand:amd64 <none> 6.6-1\n"
        "2026-11-23 11:00:00 status installed byhand:amd64 6.6-1\n"}});
  EXPECT_EQ(rows_of(table),
            (std::vector<std::string>{"dpkg|byhand|amd64|6.6-1|2026-11-23 11:00:00|NULL|NULL|NULL",
                                      "apt|x|amd64|1|2026-11-21 09:00:00|NULL|NULL|0"}));
}

TEST(PackageInstallsTest, ZypperTellsWhoAndFromWhere) {
  const auto table =
      collected({{"/var/log/zypp/history",
                  "# comment\n2026-11-20 08:00:00|command|root@sles|'zypper' 'in' 'x'|\n"
                  "2026-11-20 08:00:01|install|liby|1-1|x86_64||main|ab12|\n"
                  "2026-11-20 08:00:02|install|x|2-1|x86_64|ann@sles|main|cd34|\n"
                  "2026-11-20 08:00:03|remove |z|1-1|x86_64|ann@sles|\n"}});
  EXPECT_EQ(rows_of(table),
            (std::vector<std::string>{"zypper|x|x86_64|2-1|2026-11-20 08:00:02|ann|NULL|0",
                                      "zypper|liby|x86_64|1-1|2026-11-20 08:00:01|NULL|NULL|1"}));
  EXPECT_EQ(row(table, 0, {"repository"}), "main");
}

TEST(PackageInstallsTest, ReadsDnf4) {
  const auto table = collected(
      {{"/var/lib/dnf/history.sqlite",
        sqlite_file(
            "CREATE TABLE trans(id INTEGER PRIMARY KEY, dt_begin INTEGER, user_id INTEGER);"
            "CREATE TABLE trans_item(id INTEGER PRIMARY KEY, trans_id INTEGER, item_id INTEGER, "
            "repo_id INTEGER, action INTEGER, reason INTEGER);"
            "CREATE TABLE rpm(item_id INTEGER, name TEXT, epoch INTEGER, version TEXT, "
            "release TEXT, arch TEXT); CREATE TABLE repo(id INTEGER, repoid TEXT);"
            "INSERT INTO repo VALUES(1,'baseos');"
            "INSERT INTO trans VALUES(1, 1795222923, 4294967295), (2, 1795222999, 1000);"
            "INSERT INTO rpm VALUES(1,'x',1,'2.0','3.el9','x86_64'),(2,'y',0,'1','1','noarch'),"
            "(3,'z',0,'1','1','noarch');"
            "INSERT INTO trans_item VALUES(1,2,1,1,1,2),(2,2,2,1,1,1),(3,1,3,1,6,2);")}});
  EXPECT_EQ(rows_of(table),
            (std::vector<std::string>{"dnf|x|x86_64|1:2.0-3.el9|2026-11-21 01:03:19|NULL|1000|0",
                                      "dnf|y|noarch|1-1|2026-11-21 01:03:19|NULL|1000|1"}));
  EXPECT_EQ(row(table, 0, {"repository"}), "baseos");
}

TEST(PackageInstallsTest, ReadsBothLayoutsOfDnf5) {
  for (const auto& [names, archs] :
       {std::pair{"pkg_name", "arch"}, std::pair{"pkg_names", "archs"}}) {
    const auto table =
        collected({{"/usr/lib/sysimage/libdnf5/transaction_history.sqlite",
                    sqlite_file(std::string("CREATE TABLE ") + names + "(id INTEGER, name TEXT);" +
                                "CREATE TABLE " + archs + "(id INTEGER, name TEXT);" +
                                "CREATE TABLE trans(id INTEGER PRIMARY KEY, dt_begin INTEGER, "
                                "user_id INTEGER); CREATE TABLE repo(id INTEGER, repoid TEXT);"
                                "CREATE TABLE trans_item(trans_id INTEGER, item_id INTEGER, "
                                "repo_id INTEGER, action_id INTEGER, reason_id INTEGER);"
                                "CREATE TABLE trans_item_action(id INTEGER, name TEXT);"
                                "CREATE TABLE trans_item_reason(id INTEGER, name TEXT);"
                                "CREATE TABLE rpm(item_id INTEGER, name_id INTEGER, epoch INTEGER, "
                                "version TEXT, release TEXT, arch_id INTEGER);"
                                "INSERT INTO trans_item_action VALUES(1,'Install'),(2,'Upgrade');"
                                "INSERT INTO trans_item_reason VALUES(4,'Weak Dependency');"
                                "INSERT INTO trans VALUES(1, 1795222923, 1000);"
                                "INSERT INTO trans_item VALUES(1,1,1,1,4),(1,2,1,2,4);"
                                "INSERT INTO rpm VALUES(1,7,0,'1','2',9),(2,8,0,'1','2',9);"
                                "INSERT INTO " +
                                names + " VALUES(7,'x'),(8,'y'); INSERT INTO " + archs +
                                " VALUES(9,'x86_64');")}});
    EXPECT_EQ(rows_of(table),
              (std::vector<std::string>{"dnf|x|x86_64|1-2|2026-11-21 01:02:03|NULL|1000|1"}));
  }
}

TEST(PackageInstallsTest, ReadsYum) {
  const auto table = collected(
      {{"/var/lib/yum/history/history-2020-01-01.sqlite",
        sqlite_file("CREATE TABLE trans_beg(tid INTEGER, timestamp INTEGER, loginuid INTEGER);"
                    "CREATE TABLE trans_data_pkgs(tid INTEGER, pkgtupid INTEGER, state TEXT);"
                    "CREATE TABLE pkgtups(pkgtupid INTEGER, name TEXT, arch TEXT, epoch INTEGER, "
                    "version TEXT, release TEXT);"
                    "INSERT INTO trans_beg VALUES(1, 1795222923, 0);"
                    "INSERT INTO pkgtups VALUES(1,'x','x86_64',0,'1','2'),"
                    "(2,'y','noarch',2,'1','2'),(3,'z','noarch',0,'1','2');"
                    "INSERT INTO trans_data_pkgs VALUES(1,1,'Install'),(1,2,'Dep-Install'),"
                    "(1,3,'Update');")}});
  EXPECT_EQ(rows_of(table),
            (std::vector<std::string>{"yum|x|x86_64|1-2|2026-11-21 01:02:03|NULL|0|0",
                                      "yum|y|noarch|2:1-2|2026-11-21 01:02:03|NULL|0|1"}));
}

TEST(PackageInstallsTest, WithoutALogNothingIsKnown) {
  MemoryHost host;
  EXPECT_EQ(collect_package_installs(host).error().code(), Code::kNotFound);
}

TEST(PackageInstallsTest, WhatIsNoLogIsRefusedWithItsPath) {
  for (const auto* path : {kApt, kDpkg, "/var/log/zypp/history", "/var/lib/dnf/history.sqlite"}) {
    MemoryHost host;
    host.files[path] = "garbage\nInstall: x (\n";
    const auto table = collect_package_installs(host);
    ASSERT_FALSE(table) << path;
    EXPECT_TRUE(table.error().message().contains(path)) << table.error().message();
  }
}

TEST(PackageInstallsTest, LinesThatAreCutShortEndInNoRowOrAWholeOne) {
  const std::string whole =
      "\nStart-Date: 2026-11-21  09:00:00\nRequested-By: ann (1000)\n"
      "Install: x:amd64 (1), y:amd64 (2, automatic)\n";
  for (std::size_t size = std::string_view("\nStart-Date: 2026-11-21").size(); size < whole.size();
       ++size)
    for (const auto& text : rows_of(collected({{kApt, whole.substr(0, size)}})))
      EXPECT_TRUE(text.starts_with("apt|x|amd64|1|2026-11-21 09:00:00|ann|1000|") ||
                  text == "apt|y|amd64|2|2026-11-21 09:00:00|ann|1000|1")
          << text;
}

}  // namespace
}  // namespace assay::agent
