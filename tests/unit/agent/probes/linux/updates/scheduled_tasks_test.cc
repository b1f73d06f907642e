#include "agent/probes/linux/updates/schedule/scheduled_tasks.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

std::string all_cells(const evidence::Table& table) {
  std::string all;
  for (const auto& cells : table.rows())
    for (const auto& value : cells) all += evidence::to_text(value) + "\n";
  return all;
}

TEST(ScheduledTasksTest, FindsEveryKindOnRhel) {
  auto host = fixture_host("updates_rhel9");
  const auto table = good(collect_scheduled_tasks(host));
  EXPECT_EQ(cell(table, "source", "/etc/cron.d/0hourly", "program"), "run-parts");
  EXPECT_EQ(cell(table, "name", "logrotate", "schedule"), "@daily");
  EXPECT_EQ(cell(table, "name", "cron.monthly", "schedule"), "@monthly 45");
  EXPECT_EQ(cell(table, "name", "dnf-automatic-install.timer", "schedule"),
            "OnCalendar=*-*-* 6:00");
  EXPECT_EQ(cell(table, "name", "dnf-automatic-install.timer", "program"),
            "/usr/bin/dnf-automatic");
  EXPECT_EQ(cell(table, "name", "dnf-automatic-install.timer", "enabled"), "1");
}

TEST(ScheduledTasksTest, UsersTablesNameTheirOwner) {
  auto host = fixture_host("updates_rhel9");
  const auto table = good(collect_scheduled_tasks(host));
  EXPECT_EQ(cell(table, "schedule", "15 2 * * *", "user"), "root");
  EXPECT_EQ(cell(table, "schedule", "15 2 * * *", "program"), "/usr/bin/pg_dump");
  EXPECT_EQ(cell(table, "schedule", "15 2 * * *", "enabled"), "1");
  auto suse = fixture_host("updates_sles15");
  EXPECT_EQ(cell(good(collect_scheduled_tasks(suse)), "user", "backup", "program"),
            "$HOME/bin/save");
}

TEST(ScheduledTasksTest, NoArgumentAndNoVariableIsShown) {
  for (const auto* name : {"updates_rhel9", "updates_sles15"}) {
    auto host = fixture_host(name);
    EXPECT_EQ(all_cells(good(collect_scheduled_tasks(host))).find("canary"), std::string::npos);
  }
}

TEST(ScheduledTasksTest, WithoutADaemonTablesDoNothing) {
  MemoryHost host;
  host.files = {{"/etc/crontab", "@daily root a\n"}};
  EXPECT_EQ(row(good(collect_scheduled_tasks(host)), 0, {"enabled", "note"}),
            "0|no cron daemon is installed");
}

TEST(ScheduledTasksTest, DebiansCronIgnoresNamesWithADot) {
  MemoryHost host;
  host.files = {{"/etc/cron.d/a.sh", "@daily root a\n"},
                {"/usr/sbin/cron", ""},
                {"/var/lib/dpkg/status", ""}};
  EXPECT_EQ(row(good(collect_scheduled_tasks(host)), 0, {"enabled", "note"}),
            "0|cron ignores files of this name");
}

TEST(ScheduledTasksTest, DebiansCronIgnoresAWholeFileForWhatIsWrongWithIt) {
  MemoryHost host;
  const auto enabled = [&](const std::string& text, FileStatus status) {
    host.files = {{"/etc/cron.d/a", text}, {"/usr/sbin/cron", ""}, {"/var/lib/dpkg/status", ""}};
    host.links["/etc/systemd/system/multi-user.target.wants/cron.service"] = "x";
    host.files["/lib/systemd/system/cron.service"] = "[Service]\n";
    status.kind = FileKind::kRegular;
    host.statuses["/etc/cron.d/a"] = status;
    return row(good(collect_scheduled_tasks(host)), 0, {"enabled"});
  };
  EXPECT_EQ(enabled("@daily root a\n# no end", {.mode = 0644}), "1");
  EXPECT_EQ(enabled("@daily root a", {.mode = 0644}), "0");
  EXPECT_EQ(enabled("@daily root a\nnonsense\n", {.mode = 0644}), "0");
  EXPECT_EQ(enabled("@daily root a\n", {.mode = 0664}), "0");
  EXPECT_EQ(enabled("@daily root a\n", {.mode = 0644, .uid = 2}), "0");
}

TEST(ScheduledTasksTest, ALineThatIsNotUnderstoodIsARowThatSaysSo) {
  MemoryHost host;
  host.files = {{"/etc/crontab", "nonsense\n"}};
  EXPECT_EQ(row(good(collect_scheduled_tasks(host)), 0, {"schedule", "program", "line", "note"}),
            "NULL|NULL|1|the line is no entry: cron does not use this file");
}

TEST(ScheduledTasksTest, JobsOfAtAreCountedNotRead) {
  MemoryHost host;
  host.files = {{"/etc/passwd", "root:x:0:0::/:/bin/sh\n"},
                {"/var/spool/at/a0001", "secret"},
                {"/var/spool/at/a0002", "secret"},
                {"/var/spool/at/.SEQ", "2"}};
  EXPECT_EQ(row(good(collect_scheduled_tasks(host)), 0, {"kind", "user", "jobs", "program"}),
            "at|root|2|NULL");
}

TEST(ScheduledTasksTest, AFailureOfTheMachineIsPassedOn) {
  auto image = fixture_host("updates_rhel9");
  for (const auto* path : {"/etc/cron.d", "/var/spool/cron", "/usr/lib/systemd/system"}) {
    FailingHost host(image);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    EXPECT_EQ(collect_scheduled_tasks(host).error().code(), Code::kPermissionDenied) << path;
  }
}

}  // namespace
}  // namespace assay::agent
