#include "agent/probes/linux/updates/history/update_history.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/updates/history/past_run.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kApt = "/var/log/apt/history.log";
constexpr const char* kRuns =
    "\nStart-Date: 2026-11-20  06:12:01\nCommandline: /usr/bin/unattended-upgrade\n"
    "Upgrade: a:amd64 (1, 2), b:amd64 (1:1, 2)\nEnd-Date: 2026-11-20  06:12:09\n"
    "\nStart-Date: 2026-11-21  09:00:00\nCommandline: apt-get install -o Key=secret x\n"
    "Requested-By: ann (1000)\nInstall: x:amd64 (1), y:amd64 (2, automatic)\nPurge: z:amd64 (1)\n"
    "Error: Sub-process /usr/bin/dpkg returned an error code (1)\nEnd-Date: 2026-11-21  09:00:03\n"
    "\nStart-Date: 2026-11-21  10:00:00\nCommandline: apt upgrade\nUpgrade: a:amd64 (2, 3)\n";
const std::vector<std::string_view> kWhat = {"time",     "program", "automatic", "installed",
                                             "upgraded", "removed", "succeeded", "note"};

TEST(UpdateHistoryTest, TellsAutomaticRunsFromThoseOfPeople) {
  MemoryHost host;
  host.files = {{kApt, kRuns}};
  const auto table = good(collect_update_history(host));
  EXPECT_EQ(row(table, 2, kWhat), "2026-11-20 06:12:01|/usr/bin/unattended-upgrade|1|0|2|0|1|NULL");
  EXPECT_EQ(row(table, 1, kWhat), "2026-11-21 09:00:00|apt-get|0|2|0|1|0|NULL");
}

TEST(UpdateHistoryTest, ARunThatDidNotEndSaysSo) {
  MemoryHost host;
  host.files = {{kApt, kRuns}};
  EXPECT_EQ(row(good(collect_update_history(host)), 0, kWhat),
            "2026-11-21 10:00:00|apt|NULL|0|1|0|NULL|the log does not say that it ended");
}

TEST(UpdateHistoryTest, NoArgumentIsShown) {
  for (const auto& [line, program] : {std::pair{"apt-get -o a=secret", "apt-get"},
                                      {"'zypper' 'up'", "zypper"},
                                      {"packagekit role='update-packages'", "packagekit"},
                                      {"a=secret", ""},
                                      {"", ""}})
    EXPECT_EQ(program_of(line), program);
}

TEST(UpdateHistoryTest, CountsDaysOfDpkg) {
  MemoryHost host;
  host.files = {
      {"/var/log/dpkg.log",
       "2026-11-20 06:12:01 startup archives unpack\n"
       "2026-11-20 06:12:01 upgrade a:amd64 1 2\n2026-11-20 06:12:02 status installed a\n"
       "2026-11-21 06:12:01 install b:amd64 <none> 1\n2026-11-21 06:12:02 remove c:all 1 <none>\n"
       "2026-11-21 06:12:02 purge c:all 1 <none>\n"}};
  const auto table = good(collect_update_history(host));
  EXPECT_EQ(row(table, 1, {"manager", "time", "installed", "upgraded", "removed"}),
            "dpkg|2026-11-20|0|1|0");
  EXPECT_EQ(row(table, 0, {"time", "installed", "upgraded", "removed"}), "2026-11-21|1|0|1");
}

TEST(UpdateHistoryTest, ReadsTheLogOfZypper) {
  auto host = fixture_host("updates_sles15");
  const auto table = good(collect_update_history(host));
  EXPECT_EQ(row(table, 0, {"manager", "time", "program", "installed", "upgraded", "removed"}),
            "zypper|2026-10-01 02:00:01|zypper|2|NULL|1");
}

TEST(UpdateHistoryTest, ReadsTheLogOfApk) {
  MemoryHost host;
  host.files = {
      {"/var/log/apk.log",
       "\nRunning `apk update` at 2026-11-20 02:59:58\nOK: 24075 distinct packages available\n"
       "\nRunning `apk upgrade --available` at 2026-11-20 03:00:00\n"
       "(1/4) Upgrading musl (1.2.5-r0 -> 1.2.5-r1)\n(2/4) Installing ssl_client (1.36.1-r29)\n"
       "(3/4) Purging old (1-r0)\n(4/4) Downgrading b (2-r0 -> 1-r0)\n"
       "Executing busybox-1.36.1-r29.trigger\nOK: 8 MiB in 14 packages\n"
       "\nRunning `apk add secret@` at ` at 2026-11-21 10:00:00\n"
       "ERROR: unable to select packages:\n1 error; 8 MiB in 14 packages\n"
       "\nRunning `apk del x` at 2026-11-22 10:00:00\n(1/1) Purging x (1-r0)\n"}};
  const auto table = good(collect_update_history(host));
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(row(table, 2, kWhat), "2026-11-20 03:00:00|apk|NULL|1|1|1|1|NULL");
  EXPECT_EQ(row(table, 1, kWhat), "2026-11-21 10:00:00|apk|NULL|0|0|0|0|NULL");
  EXPECT_EQ(row(table, 0, kWhat),
            "2026-11-22 10:00:00|apk|NULL|0|0|1|NULL|the log does not say that it ended");
  EXPECT_EQ(row(table, 0, {"manager", "source"}), "apk|/var/log/apk.log");
}

TEST(UpdateHistoryTest, AnotherLogIsNotTakenForApks) {
  for (const auto* text : {"hello\n", "Running `make` at once\n", "(1/2) Upgrading a\n"})
    EXPECT_EQ(parse_apk_log(text).error().code(), Code::kInvalidData) << text;
  EXPECT_TRUE(parse_apk_log("").value().empty());
}

TEST(UpdateHistoryTest, OnlyTheNewestAreKept) {
  MemoryHost host;
  for (int i = 0; i < 600; ++i)
    host.files[kApt] += "Start-Date: 2026-01-01  00:00:00\nUpgrade: a (1, 2)\nEnd-Date: x\n\n";
  host.files[kApt] += kRuns;
  const auto table = good(collect_update_history(host));
  EXPECT_EQ(table.rows().size(), 500U);
  EXPECT_EQ(row(table, 499, {"note"}), "older ones are left out");
}

TEST(UpdateHistoryTest, AnOlderLogIsUnpacked) {
  MemoryHost host;
  host.files = {{kApt, ""}, {"/var/log/apt/history.log.1.gz", "no gzip"}};
  EXPECT_EQ(collect_update_history(host).error().code(), Code::kInvalidData);
}

TEST(UpdateHistoryTest, WhatIsNoLogIsRefused) {
  MemoryHost host;
  host.files = {{kApt,
                 "\x7f"
                 "ELF\n\n"}};
  EXPECT_EQ(collect_update_history(host).error().message(),
            "reading /var/log/apt/history.log: not a log of this package manager");
}

TEST(UpdateHistoryTest, WithoutAnyLogThereIsNoTable) {
  MemoryHost host;
  EXPECT_EQ(collect_update_history(host).error().code(), Code::kNotFound);
}

TEST(UpdateHistoryTest, AFailureOfTheMachineIsPassedOn) {
  MemoryHost image;
  image.files = {{kApt, kRuns}, {"/var/log/dpkg.log", "2026-11-20 06:12:01 upgrade a:amd64 1 2\n"}};
  for (const auto* path : {kApt, "/var/log/dpkg.log"}) {
    FailingHost host(image);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    EXPECT_EQ(collect_update_history(host).error().code(), Code::kPermissionDenied) << path;
  }
}

}  // namespace
}  // namespace assay::agent
