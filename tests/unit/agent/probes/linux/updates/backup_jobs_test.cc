#include "agent/probes/linux/updates/backup/backup_jobs.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/updates/backup/last_success.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(BackupJobsTest, FindsWhatCronStarts) {
  auto host = fixture_host("updates_rhel9");
  const auto table = good(collect_backup_jobs(host));
  EXPECT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "tool", "pg_dump", "schedule"), "15 2 * * *");
  EXPECT_EQ(cell(table, "tool", "pg_dump", "enabled"), "1");
  EXPECT_EQ(cell(table, "tool", "restic", "installed"), "0");
  EXPECT_EQ(cell(table, "tool", "restic", "last_success"), "NULL");
}

TEST(BackupJobsTest, NoCommandIsShown) {
  auto host = fixture_host("updates_rhel9");
  const auto table = good(collect_backup_jobs(host));
  for (const auto& cells : table.rows())
    for (const auto& value : cells)
      EXPECT_EQ(evidence::to_text(value).find("canary"), std::string::npos);
}

TEST(BackupJobsTest, AToolThatNothingStartsIsInstalledOnly) {
  MemoryHost host;
  host.files = {{"/etc/passwd", ""}, {"/usr/bin/borg", ""}};
  EXPECT_EQ(row(good(collect_backup_jobs(host)), 0, {"tool", "installed", "enabled", "schedule"}),
            "borg|1|0|NULL");
}

TEST(BackupJobsTest, AGeneralProgramAloneIsNoBackup) {
  MemoryHost host;
  host.files = {{"/etc/passwd", ""}, {"/usr/bin/rsync", ""}, {"/usr/bin/pg_dump", ""}};
  EXPECT_TRUE(good(collect_backup_jobs(host)).rows().empty());
}

TEST(BackupJobsTest, ATimerAndItsDropInCount) {
  MemoryHost host;
  host.files = {{"/etc/passwd", ""},
                {"/usr/bin/borgmatic", ""},
                {"/usr/lib/systemd/system/borgmatic.timer", "[Timer]\nOnCalendar=daily\n"},
                {"/usr/lib/systemd/system/borgmatic.service", "[Service]\nExecStart=/x\n"},
                {"/etc/systemd/system/timers.target.wants/borgmatic.timer", ""}};
  EXPECT_EQ(row(good(collect_backup_jobs(host)), 0, {"tool", "enabled", "schedule"}),
            "borgmatic|1|OnCalendar=daily");
}

TEST(BackupJobsTest, AnAgentIsEnabledByItsService) {
  MemoryHost host;
  host.files = {{"/etc/passwd", ""},
                {"/usr/sbin/bacula-fd", ""},
                {"/usr/lib/systemd/system/bacula-fd.service", "[Service]\nExecStart=/x\n"},
                {"/etc/systemd/system/multi-user.target.wants/bacula-fd.service", ""}};
  EXPECT_EQ(row(good(collect_backup_jobs(host)), 0, {"tool", "kind", "enabled", "schedule"}),
            "Bacula|agent|1|NULL");
}

TEST(BackupJobsTest, AnotherScriptIsKnownByItsName) {
  MemoryHost host;
  host.files = {{"/etc/crontab", "@daily root /opt/x/backup-db.sh -p secret\n"}};
  const auto table = good(collect_backup_jobs(host));
  EXPECT_EQ(row(table, 0, {"tool", "kind", "schedule"}), "/opt/x/backup-db.sh|NULL|@daily");
}

TEST(BackupJobsTest, RsnapshotsLogTellsTheLastSuccess) {
  MemoryHost host;
  host.files = {{"/etc/passwd", ""},
                {"/usr/bin/rsnapshot", ""},
                {"/etc/rsnapshot.conf", "retain\tdaily\t6\nretain\tweekly\t3\n#sync_first\t1\n"},
                {"/var/log/rsnapshot.log",
                 "[2026-11-19T03:30:01] /usr/bin/rsnapshot daily: completed successfully\n"
                 "[2026-11-20T03:30:01] /usr/bin/rsnapshot daily: ERROR: x\n"
                 "[2026-11-21T03:30:01] /usr/bin/rsnapshot weekly: completed successfully\n"}};
  EXPECT_EQ(row(good(collect_backup_jobs(host)), 0, {"last_success"}), "2026-11-19");
}

TEST(BackupJobsTest, OnlyTheLevelOfRsnapshotThatCopiesCounts) {
  const auto first = rsnapshot_settings("# x\ninterval  hourly 6\nlogfile\t/l\nretain daily 7\n");
  EXPECT_EQ(first.level, "hourly");
  EXPECT_EQ(first.log, "/l");
  EXPECT_EQ(rsnapshot_settings("retain\ta\t6\nsync_first\t1\n").level, "sync");
  EXPECT_EQ(rsnapshot_settings("sync_first\t1\n").level, "");
}

TEST(BackupJobsTest, SnapshotsAndManifestsTellTheirDays) {
  MemoryHost host;
  host.files = {{"/timeshift/snapshots/2026-11-20_03-00-01/info.json", ""},
                {"/.snapshots/9/info.xml", "<date>2026-11-18 03:30:01</date>"},
                {"/.snapshots/10/info.xml", "<date>2026-11-19 03:30:01</date>"},
                {"/root/.cache/duplicity/a/duplicity-full.20261117T033001Z.manifest", ""},
                {"/root/.cache/duplicity/a/duplicity-full.20261121T033001Z.manifest.part", ""}};
  EXPECT_EQ(last_success_of(host, "timeshift").day, "2026-11-20");
  EXPECT_EQ(last_success_of(host, "snapper").day, "2026-11-19");
  EXPECT_EQ(last_success_of(host, "duplicity").day, "2026-11-17");
  EXPECT_EQ(last_pgbackrest_day("x={\"backup-timestamp-stop\":1795222923,\"y\"}"), "2026-11-21");
}

TEST(BackupJobsTest, WhereNothingIsRecordedANoteSaysSo) {
  MemoryHost host;
  EXPECT_EQ(last_success_of(host, "rsnapshot").note,
            "last success: there is no /etc/rsnapshot.conf");
  host.files["/etc/rsnapshot.conf"] = "retain\tdaily\t6\n";
  EXPECT_EQ(last_success_of(host, "rsnapshot").note,
            "last success: there is no /var/log/rsnapshot.log");
  EXPECT_NE(last_success_of(host, "restic").note, "");
}

}  // namespace
}  // namespace assay::agent
