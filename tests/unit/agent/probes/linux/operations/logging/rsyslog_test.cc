// rsyslog's part of the table logging.
#include <gtest/gtest.h>

#include "agent/probes/linux/operations/logging/logging.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// All rows of a setting: "target=text/value …".
std::string rows_of(MemoryHost& host, std::string_view setting) {
  const auto table = good(collect_logging(host));
  std::string out;
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (evidence::to_text(table.at(i, "setting")) == setting)
      out += (out.empty() ? "" : " ") + row(table, i, {"target", "text", "value", "line"});
  return out;
}

std::string of_conf(const std::string& conf, std::string_view setting) {
  MemoryHost host;
  host.files["/etc/rsyslog.conf"] = conf;
  return rows_of(host, setting);
}

TEST(RsyslogTest, KnowsTheOldFormsOfForwarding) {
  EXPECT_EQ(of_conf("*.* @192.0.2.1\n*.* @@log.example:6514;tpl\n*.* @@(o)[2001:db8::1]:601\n",
                    "forward"),
            "192.0.2.1:514|udp|NULL|1 log.example:6514|tcp|NULL|2 [2001:db8::1]:601|tcp|NULL|3");
}

TEST(RsyslogTest, KnowsTheOldFormsOfModulesWithoutTheirPasswords) {
  EXPECT_EQ(of_conf("*.* :omrelp:h:2514;tpl\n*.* :ommysql:db,Syslog,user,canary\n", "forward"),
            "h:2514|relp|NULL|1 db|mysql|NULL|2");
}

TEST(RsyslogTest, OldForwardingIsEncryptedWithDriverAndMode) {
  const std::string action = "*.* @@h:6514\n";
  EXPECT_EQ(of_conf(action, "forward_tls"), "h:6514|NULL|0|1");
  EXPECT_EQ(of_conf("$ActionSendStreamDriverMode 1\n" + action, "forward_tls"), "h:6514|NULL|0|2");
  EXPECT_EQ(of_conf("$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n" + action,
                    "forward_tls"),
            "h:6514|NULL|1|3");
}

TEST(RsyslogTest, KnowsForwardingOfRainerScript) {
  EXPECT_EQ(of_conf("action(type=\"omfwd\" target=\"h\" port=\"6514\" protocol=\"tcp\"\n"
                    " StreamDriver=\"ossl\" StreamDriverMode=\"1\")",
                    "forward_tls"),
            "h:6514|NULL|1|1");
  EXPECT_EQ(of_conf("global(DefaultNetstreamDriver=\"gtls\")\naction(type=\"omfwd\" target=\"h\" "
                    "protocol=\"tcp\" StreamDriverMode=\"1\")",
                    "forward_tls"),
            "h:514|NULL|1|2");
  EXPECT_EQ(of_conf("action(type=\"omfwd\" target=\"h\")", "forward"), "h:514|udp|NULL|1");
}

TEST(RsyslogTest, OtherOutputsAreForwardingToo) {
  EXPECT_EQ(of_conf("action(type=\"omrelp\" target=\"h\" port=\"2514\" tls=\"on\")", "forward_tls"),
            "h:2514|NULL|1|1");
  EXPECT_EQ(
      of_conf("action(type=\"omelasticsearch\" server=\"https://u:canary@es:9200\")", "forward"),
      "https://es:9200|elasticsearch|NULL|1");
}

TEST(RsyslogTest, ListensWhereItsInputsSay) {
  EXPECT_EQ(of_conf("$UDPServerRun 514\ninput(type=\"imtcp\" port=\"601\")\n", "receives"),
            "514|udp|NULL|1 601|tcp|NULL|2");
}

TEST(RsyslogTest, FollowsIncludesInBothForms) {
  MemoryHost host;
  host.files = {
      {"/etc/rsyslog.conf",
       "$IncludeConfig /etc/rsyslog.d/*.conf\ninclude(file=\"/etc/more/\" mode=\"optional\")"},
      {"/etc/rsyslog.d/b.conf", "b.* /b\n"},
      {"/etc/rsyslog.d/a.conf", "a.* /a\n"},
      {"/etc/more/c", "c.* /c\n"}};
  EXPECT_EQ(rows_of(host, "file"), "/a|a.*|NULL|1 /b|b.*|NULL|1 /c|c.*|NULL|1");
}

TEST(RsyslogTest, IncludesThatGoRoundEndAndAreNoted) {
  MemoryHost host;
  host.files["/etc/rsyslog.conf"] = "$IncludeConfig /etc/rsyslog.conf\n*.* /x\n";
  const auto table = good(collect_logging(host));
  EXPECT_NE(cell(table, "setting", "configuration", "note").find("include one another"),
            std::string::npos);
}

TEST(RsyslogTest, AFileThatIsNotUnderstoodIsNamedAndTheOthersCount) {
  MemoryHost host;
  host.files = {{"/etc/rsyslog.conf", "$IncludeConfig /etc/rsyslog.d/*.conf\n*.* /x\n"},
                {"/etc/rsyslog.d/a.conf", "action(type=\"omfile\""}};
  const auto table = good(collect_logging(host));
  EXPECT_EQ(cell(table, "setting", "configuration", "value"), "NULL");
  EXPECT_EQ(cell(table, "setting", "configuration", "note"),
            "not understood: /etc/rsyslog.d/a.conf: line 1: action( does not end");
  EXPECT_EQ(cell(table, "setting", "file", "target"), "/x");
}

TEST(RsyslogTest, SaysWhoMayReadTheFilesThatItWrites) {
  MemoryHost host;
  host.files = {{"/etc/rsyslog.conf", "auth.* /var/log/auth.log\n"},
                {"/etc/passwd", "syslog:x:104:110::/home/syslog:/bin/false\n"},
                {"/etc/group", "adm:x:4:\n"},
                {"/var/log/auth.log", "x"}};
  host.statuses["/var/log/auth.log"] = {
      .kind = FileKind::kRegular, .mode = 0640, .uid = 104, .gid = 4};
  EXPECT_TRUE(rows_of(host, "file_mode").starts_with("/var/log/auth.log|0640|416|1"));
  EXPECT_TRUE(rows_of(host, "file_owner").starts_with("/var/log/auth.log|syslog|104|1"));
  EXPECT_TRUE(rows_of(host, "file_group").starts_with("/var/log/auth.log|adm|4|1"));
}

TEST(RsyslogTest, TemplatesWriteFilesThatAreNotLookedAt) {
  EXPECT_EQ(of_conf("*.* ?PerHost;fmt\n*.* action(type=\"omfile\" dynaFile=\"PerApp\")\n",
                    "dynamic_file"),
            "PerHost|*.*|NULL|1 PerApp|*.*|NULL|2");
}

}  // namespace
}  // namespace assay::agent
