#include "agent/probes/linux/security/security_agents.h"

#include <gtest/gtest.h>

#include "agent/host/budget_host.h"
#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kHeader = "ClamAV-VDB:20 Nov 2026 04-21 +0000:27999:1:90:X:Y:z:1";

MemoryHost machine_with_clamav() {
  MemoryHost host;
  host.files = {{"/usr/sbin/clamd", "x"},
                {"/var/lib/dpkg/info/clamav-daemon.list", ""},
                {"/var/lib/dpkg/status",
                 "Package: clamav-daemon\nStatus: install ok installed\nVersion: 1.0.7\n\n"},
                {"/usr/lib/systemd/system/clamav-daemon.service", "[Unit]"},
                {"/var/lib/clamav/daily.cvd", kHeader},
                {"/var/log/clamav/scan.log", "/: OK\nEnd Date: 2026:11:15 00:00:01\n"}};
  host.add_process(1, "systemd");
  return host;
}

std::string clamav(Host& host, std::string_view column) {
  return cell(good(collect_security_agents(host)), "name", "ClamAV", column);
}

TEST(SecurityAgentsTest, NoProductIsAnEmptyTable) {
  MemoryHost host;
  EXPECT_TRUE(good(collect_security_agents(host)).rows().empty());
}

TEST(SecurityAgentsTest, ALinkThatLeadsNowhereIsNoProduct) {
  MemoryHost host;
  host.links["/usr/bin/clamscan"] = "/opt/removed/clamscan";
  EXPECT_TRUE(good(collect_security_agents(host)).rows().empty());
}

TEST(SecurityAgentsTest, ReadsClamavOfAnImage) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_security_agents(host));
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0,
                {"kind", "name", "version", "installed", "enabled", "signature_version",
                 "signature_date", "last_scan"}),
            "antivirus|ClamAV|1.0.7+dfsg-1~deb12u1|1|1|27999|2026-11-20|2026-11-15");
}

TEST(SecurityAgentsTest, WhatRunsInAnImageIsNotKnown) {
  auto host = fixture_host("debian12");
  EXPECT_EQ(clamav(host, "running"), "NULL");
  EXPECT_EQ(clamav(host, "real_time"), "NULL");
  EXPECT_EQ(clamav(host, "note"),
            "running: an image is read, so nothing runs; real_time: whether clamonacc runs is not "
            "known; management_server: it has none");
}

TEST(SecurityAgentsTest, AnotherProgramWithASimilarNameIsNotTheDaemon) {
  auto host = machine_with_clamav();
  host.running.push_back({.pid = 300, .name = "clamav-milter"});
  EXPECT_EQ(clamav(host, "running"), "0");
}

TEST(SecurityAgentsTest, ADaemonRunsWhenItsProcessIsThere) {
  auto host = machine_with_clamav();
  EXPECT_EQ(clamav(host, "running"), "0");
  host.add_process(300, "clamd");
  host.add_process(301, "clamonacc");
  EXPECT_EQ(clamav(host, "running"), "1");
  EXPECT_EQ(clamav(host, "real_time"), "1");
}

TEST(SecurityAgentsTest, ADaemonRunsWhenItsUnitHasAProcess) {
  auto host = machine_with_clamav();
  const std::string pids = "/sys/fs/cgroup/system.slice/clamav-daemon.service/cgroup.procs";
  host.files[pids] = "";
  EXPECT_EQ(clamav(host, "running"), "0");
  host.files[pids] = "300\n";
  EXPECT_EQ(clamav(host, "running"), "1");
}

TEST(SecurityAgentsTest, WithHiddenProcessesRunningIsNotKnown) {
  auto host = machine_with_clamav();
  host.running.clear();
  host.add_process(500, "assay-agent");
  EXPECT_EQ(clamav(host, "running"), "NULL");
}

TEST(SecurityAgentsTest, AMaskedUnitIsNotEnabled) {
  auto host = machine_with_clamav();
  host.links["/etc/systemd/system/multi-user.target.wants/clamav-daemon.service"] = "x";
  EXPECT_EQ(clamav(host, "enabled"), "1");
  host.links["/etc/systemd/system/clamav-daemon.service"] = "/dev/null";
  EXPECT_EQ(clamav(host, "enabled"), "0");
}

TEST(SecurityAgentsTest, AnInitScriptStartsByItsLink) {
  auto host = machine_with_clamav();
  host.files.erase("/usr/lib/systemd/system/clamav-daemon.service");
  EXPECT_EQ(clamav(host, "enabled"), "NULL");
  host.files["/etc/init.d/clamav-daemon"] = "#!/bin/sh";
  EXPECT_EQ(clamav(host, "enabled"), "0");
  host.links["/etc/rc2.d/S01clamav-daemon"] = "../init.d/clamav-daemon";
  EXPECT_EQ(clamav(host, "enabled"), "1");
}

TEST(SecurityAgentsTest, MissingSignaturesAreNullWithTheReason) {
  auto host = machine_with_clamav();
  host.files.erase("/var/lib/clamav/daily.cvd");
  host.files.erase("/var/log/clamav/scan.log");
  EXPECT_EQ(clamav(host, "signature_date"), "NULL");
  EXPECT_NE(clamav(host, "note").find("no readable daily database in /var/lib/clamav"),
            std::string::npos);
  EXPECT_NE(clamav(host, "note").find("last_scan: "), std::string::npos);
}

TEST(SecurityAgentsTest, AScanOfOneFileIsNoFullScan) {
  auto host = machine_with_clamav();
  EXPECT_EQ(clamav(host, "last_scan"), "2026-11-15");
  host.files["/var/log/clamav/scan.log"] = "/etc/passwd: OK\nEnd Date: 2026:11:15 00:00:01\n";
  EXPECT_EQ(clamav(host, "last_scan"), "NULL");
  EXPECT_NE(
      clamav(host, "note")
          .find("last_scan: that of 2026-11-15 in /var/log/clamav/scan.log is not taken for a full "
                "one: its log does not tell what was scanned"),
      std::string::npos);
}

TEST(SecurityAgentsTest, FollowsTheDatabaseFolderOfTheSettings) {
  auto host = machine_with_clamav();
  host.files["/etc/clamav/clamd.conf"] = "DatabaseDirectory /srv/clam\n";
  host.files["/srv/clam/daily.cld"] = "ClamAV-VDB:21 Nov 2026 04-21 +0000:28000:1:";
  EXPECT_EQ(clamav(host, "signature_version"), "28000");
}

TEST(SecurityAgentsTest, TracesOfARemovedProductAreNotInstalled) {
  auto host = machine_with_clamav();
  host.files.erase("/usr/sbin/clamd");
  host.files["/var/lib/dpkg/status"] =
      "Package: clamav-daemon\nStatus: deinstall ok config-files\nVersion: 1.0.7\n\n";
  EXPECT_EQ(clamav(host, "installed"), "0");
  EXPECT_EQ(clamav(host, "version"), "1.0.7");
}

TEST(SecurityAgentsTest, APackageWithoutAProgramWhereWeLookIsNotTakenForAbsence) {
  auto host = machine_with_clamav();
  host.files.erase("/usr/sbin/clamd");
  EXPECT_EQ(clamav(host, "installed"), "NULL");
  EXPECT_NE(clamav(host, "note").find("no program of it is where we look"), std::string::npos);
}

TEST(SecurityAgentsTest, AProgramThatDidNotComeWithTheRemovedPackageHasNoVersionOfIt) {
  auto host = machine_with_clamav();
  host.files["/var/lib/dpkg/status"] =
      "Package: clamav-daemon\nStatus: deinstall ok config-files\nVersion: 1.0.7\n\n";
  EXPECT_EQ(clamav(host, "installed"), "1");
  EXPECT_EQ(clamav(host, "version"), "NULL");
}

TEST(SecurityAgentsTest, WithoutItsToolOnlyThePresenceOfAProductIsKnown) {
  MemoryHost host;
  host.files = {{"/opt/microsoft/mdatp/sbin/wdavdaemon", "x"}};
  host.add_process(1, "init");
  host.add_process(77, "wdavdaemon");
  const auto table = good(collect_security_agents(host));
  EXPECT_EQ(row(table, 0, {"name", "installed", "running", "enabled", "real_time", "version"}),
            "Microsoft Defender for Endpoint|1|1|NULL|NULL|NULL");
  EXPECT_NE(row(table, 0, {"note"})
                .find("real_time, signature_version, signature_date, management_server: "),
            std::string::npos);
}

TEST(SecurityAgentsTest, ReadsAnImageOfRedHat) {
  auto host = fixture_host("rhel9_operations");
  const auto table = good(collect_security_agents(host));
  EXPECT_EQ(cell(table, "name", "Microsoft Defender for Endpoint", "real_time"), "0");
  EXPECT_EQ(cell(table, "name", "Microsoft Defender for Endpoint", "enabled"), "1");
  EXPECT_EQ(cell(table, "name", "Trend Vision One Endpoint Sensor", "kind"), "edr");
}

TEST(SecurityAgentsTest, VersionsOfRedHatComeFromRpm) {
  auto host = fixture_host("rhel9_operations");
  const auto table = good(collect_security_agents(host));
  EXPECT_EQ(cell(table, "name", "auditd", "version"), "3.1.2-2.el9");
  EXPECT_EQ(cell(table, "name", "auditd", "source"), "/usr/sbin/auditd, /var/lib/rpm/rpmdb.sqlite");
  EXPECT_EQ(cell(table, "name", "Microsoft Defender for Endpoint", "version"), "101.24072.0001-1");
  EXPECT_EQ(cell(table, "name", "ModSecurity", "version"), "2.9.6-1.el9");
  EXPECT_EQ(cell(table, "name", "ModSecurity", "signature_version"), "3.3.4-3.el9");
  EXPECT_EQ(cell(table, "name", "fail2ban", "installed"), "NULL");
  EXPECT_EQ(cell(table, "name", "fail2ban", "version"), "1.0.2-7.el9");
}

TEST(SecurityAgentsTest, VersionsOfSuseComeFromRpmToo) {
  auto host = fixture_host("sles15");
  const auto table = good(collect_security_agents(host));
  EXPECT_EQ(cell(table, "name", "auditd", "version"), "3.0.6-150400.4.16.1");
  EXPECT_EQ(cell(table, "name", "ModSecurity", "version"), "2.9.4-150400.3.6.1");
}

TEST(SecurityAgentsTest, VersionsOfAlpineComeFromApk) {
  auto host = fixture_host("alpine");
  const auto table = good(collect_security_agents(host));
  EXPECT_EQ(cell(table, "name", "auditd", "version"), "4.0.1-r1");
  EXPECT_EQ(cell(table, "name", "auditd", "source"), "/usr/sbin/auditd, /lib/apk/db/installed");
}

TEST(SecurityAgentsTest, ABrokenDatabaseOfRpmOnlyHidesTheVersion) {
  MemoryHost host;
  host.add_process(1, "init");
  host.files = {{"/usr/sbin/auditd", "x"}, {"/var/lib/rpm/Packages.db", "no database"}};
  const auto table = good(collect_security_agents(host));
  EXPECT_EQ(row(table, 0, {"name", "installed", "version"}), "auditd|1|NULL");
  EXPECT_NE(row(table, 0, {"note"}).find("version: reading /var/lib/rpm/Packages.db: "),
            std::string::npos);
}

TEST(SecurityAgentsTest, ADatabaseIsReadOnceForAllProducts) {
  MemoryHost machine;
  machine.add_process(1, "init");
  const std::string text = "P:audit\nV:4.0.1-r1\nF:" + std::string(50'000, 'x') + "\n\n";
  machine.files = {
      {"/usr/sbin/auditd", "x"}, {"/usr/bin/aide", "x"}, {"/lib/apk/db/installed", text}};
  BudgetHost host(machine, Budget());
  EXPECT_EQ(good(collect_security_agents(host)).rows().size(), 2U);
  EXPECT_LT(host.cost().read_bytes, text.size() + 1000);
}

TEST(SecurityAgentsTest, AFolderThatMayNotBeReadIsNotTakenForAbsence) {
  MemoryHost inner;
  inner.add_process(1, "init");
  FailingHost host(inner);
  host.fail_path("/opt/CrowdStrike", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(row(good(collect_security_agents(host)), 0, {"name", "installed"}),
            "CrowdStrike Falcon|NULL");
}

TEST(SecurityAgentsTest, AFailureOfTheMachineIsPassedOn) {
  auto inner = machine_with_clamav();
  for (const auto* path : {"/usr/bin/clamscan", "/usr/lib/systemd/system"}) {
    FailingHost host(inner);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    const auto table = collect_security_agents(host);
    ASSERT_FALSE(table.has_value()) << path;
    EXPECT_EQ(table.error().code(), Code::kIo);
  }
}

TEST(SecurityAgentsTest, AFailureToListProcessesIsPassedOn) {
  auto inner = machine_with_clamav();
  FailingHost host(inner);
  host.fail_processes(Error(Code::kIo, "no /proc"));
  EXPECT_FALSE(collect_security_agents(host).has_value());
}

TEST(SecurityAgentsTest, ABrokenPackageDatabaseOnlyHidesTheVersion) {
  auto host = machine_with_clamav();
  host.files["/var/lib/dpkg/status"] = "Package: clam";
  EXPECT_EQ(clamav(host, "version"), "NULL");
  EXPECT_EQ(clamav(host, "installed"), "1");
  EXPECT_NE(clamav(host, "note").find("version: line 1"), std::string::npos);
}

}  // namespace
}  // namespace assay::agent
