#include "agent/probes/linux/operations/logging/logging.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

MemoryHost machine_with_journal() {
  MemoryHost host;
  host.add_process(1, "systemd");
  host.files["/usr/lib/systemd/systemd-journald"] = "x";
  return host;
}

std::string of(Host& host, std::string_view setting, std::string_view column = "value") {
  return cell(good(collect_logging(host)), "setting", setting, column);
}

TEST(LoggingTest, AMachineWithoutDaemonsHasNoRows) {
  MemoryHost host;
  EXPECT_TRUE(good(collect_logging(host)).rows().empty());
}

TEST(LoggingTest, TheJournalIsKeptWhenItsFolderIsThere) {
  auto host = machine_with_journal();
  EXPECT_EQ(of(host, "persistent"), "0");
  EXPECT_EQ(of(host, "retention_days"), "0");
  host.files["/var/log/journal/0123/system.journal"] = "x";
  EXPECT_EQ(of(host, "persistent"), "1");
  EXPECT_EQ(of(host, "retention_days"), "NULL");
}

TEST(LoggingTest, StorageDecidesWhateverTheFolder) {
  auto host = machine_with_journal();
  host.files["/var/log/journal/x"] = "";
  host.files["/etc/systemd/journald.conf"] = "[Journal]\nStorage=volatile\n";
  EXPECT_EQ(of(host, "persistent"), "0");
  host.files["/etc/systemd/journald.conf"] =
      "[Journal]\nStorage=persistent\nMaxRetentionSec=6month\n";
  EXPECT_EQ(of(host, "persistent"), "1");
  EXPECT_EQ(of(host, "max_retention_seconds"), "15778800");
  EXPECT_EQ(of(host, "retention_days", "text"), "at most 182");
  host.files["/etc/systemd/journald.conf"] = "[Journal]\nStorage=maybe\n";
  EXPECT_EQ(of(host, "persistent"), "NULL");
}

TEST(LoggingTest, RecordsAreSealedOnlyWithAKey) {
  auto host = machine_with_journal();
  const std::string id(32, 'a');
  host.files["/etc/machine-id"] = id + "\n";
  EXPECT_EQ(of(host, "seal"), "0");
  host.files["/var/log/journal/" + id + "/fss"] = "x";
  EXPECT_EQ(of(host, "seal"), "1");
}

TEST(LoggingTest, TheJournalsUploadIsForwarding) {
  auto host = machine_with_journal();
  host.files["/etc/systemd/journal-upload.conf"] = "[Upload]\nURL=https://u:p@log.example:19532\n";
  EXPECT_EQ(of(host, "forward", "target"), "https://log.example:19532");
}

TEST(LoggingTest, AuditdsSettingsRulesAndRemote) {
  MemoryHost host;
  host.files = {
      {"/etc/audit/auditd.conf",
       "log_file = /var/log/audit/audit.log\nnum_logs = 5\nmax_log_file_action = keep_logs\n"},
      {"/etc/audit/rules.d/a.rules", "-D\n-w /etc/passwd -p wa\n-a always,exit -S x\n-e 2\n"},
      {"/etc/audit/plugins.d/au-remote.conf", "active = yes\n"},
      {"/etc/audit/audisp-remote.conf", "remote_server = log.example\nport = 60\n"}};
  EXPECT_EQ(of(host, "num_logs"), "5");
  EXPECT_EQ(of(host, "rules"), "2");
  EXPECT_EQ(of(host, "rules_immutable"), "1");
  EXPECT_EQ(of(host, "retention_days", "text"), "unlimited");
  EXPECT_EQ(of(host, "forward", "target"), "log.example:60");
  EXPECT_EQ(of(host, "forward_tls"), "0");
}

TEST(LoggingTest, AnInactivePluginForwardsNothing) {
  MemoryHost host;
  host.files = {{"/etc/audit/auditd.conf", ""},
                {"/etc/audit/plugins.d/au-remote.conf", "active = no\n"},
                {"/etc/audit/audisp-remote.conf", "remote_server = log.example\n"}};
  EXPECT_EQ(of(host, "forward"), "no such row");
}

TEST(LoggingTest, LogsThatNothingRotatesAreNamed) {
  MemoryHost host;
  host.files = {{"/etc/rsyslog.conf", "a.* /var/log/a.log\nb.* /var/log/b.log\n"},
                {"/etc/logrotate.conf", "daily\nrotate 7\ninclude /etc/logrotate.d\n"},
                {"/etc/logrotate.d/a", "/var/log/a*.log {\n rotate 180\n}\n"},
                {"/etc/logrotate.d/a.dpkg-old", "/var/log/b.log {\n}\n"}};
  const auto table = good(collect_logging(host));
  EXPECT_EQ(cell(table, "text", "daily, rotate 180", "value"), "180");
  EXPECT_EQ(cell(table, "text", "unlimited: no rule of logrotate covers it", "target"),
            "/var/log/b.log");
}

TEST(LoggingTest, SyslogNgsDestinations) {
  MemoryHost host;
  host.files = {{"/etc/syslog-ng/syslog-ng.conf", "@include \"conf.d/*.conf\"\n"},
                {"/etc/syslog-ng/conf.d/a.conf",
                 "destination d { syslog(\"log.example\" transport(\"tls\") port(6514)); };\n"}};
  EXPECT_EQ(of(host, "forward", "target"), "log.example:6514");
  EXPECT_EQ(of(host, "forward_tls"), "1");
  EXPECT_EQ(of(host, "configuration"), "1");
}

TEST(LoggingTest, ReadsAnImageOfRedHat) {
  auto host = fixture_host("rhel9_operations");
  EXPECT_EQ(of(host, "persistent"), "1");
  EXPECT_EQ(of(host, "max_retention_seconds"), "31557600");
  EXPECT_EQ(of(host, "configuration"), "1");
  EXPECT_EQ(of(host, "forward", "target"), "log.example.tw:6514");
  EXPECT_EQ(of(host, "forward_tls"), "1");
  EXPECT_EQ(of(host, "rules_immutable"), "1");
  EXPECT_EQ(of(host, "running"), "NULL");
  EXPECT_EQ(cell(good(collect_logging(host)), "text", "monthly, rotate 6", "value"), "180");
}

TEST(LoggingTest, AFailureOfTheMachineFailsTheTable) {
  auto inner = machine_with_journal();
  inner.files["/etc/rsyslog.conf"] = "*.* /x\n";
  inner.files["/etc/logrotate.conf"] = "include /etc/logrotate.d\n";
  for (const auto* path : {"/etc/systemd/journald.conf.d", "/etc/rsyslog.conf", "/var/log/journal",
                           "/etc/logrotate.d", "/etc/passwd"}) {
    FailingHost host(inner);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    EXPECT_FALSE(collect_logging(host).has_value()) << path;
  }
}

}  // namespace
}  // namespace assay::agent
