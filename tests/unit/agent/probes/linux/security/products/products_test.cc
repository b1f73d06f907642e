// Products by what they leave on a machine, and what their own tools print. The outputs are written
// after the makers' documentation and public samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "agent/probes/linux/security/security_agents.h"
#include "agent/probes/linux/security/security_products.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

MemoryHost machine(const std::string& program) {
  MemoryHost host;
  host.add_process(1, "systemd");
  host.files[program] = "x";
  return host;
}

std::string of(Host& host, const std::vector<std::string_view>& columns) {
  const auto table = good(collect_security_agents(host));
  return table.rows().empty() ? "no row" : row(table, 0, columns);
}

std::string note(Host& host) {
  return of(host, {"note"});
}

TEST(ProductsTest, EveryProductCanBeFoundByItsFirstProgram) {
  for (const auto& product : security_products()) {
    ASSERT_FALSE(product.product.programs.empty()) << product.product.name;
    auto host = machine(std::string(product.product.programs.front()));
    const auto table = good(collect_security_agents(host));
    EXPECT_EQ(cell(table, "name", product.product.name, "installed"), "1") << product.product.name;
  }
}

// The names that a note begins with: "real_time, last_scan: known to the product only".
std::set<std::string> explained_columns(const std::string& notes) {
  std::set<std::string> columns;
  std::istringstream all(notes);
  for (std::string note; std::getline(all, note, ';');) {
    std::istringstream names(note.substr(0, note.find(": ")));
    for (std::string name; std::getline(names, name, ',');)
      columns.insert(name.substr(std::min(name.find_first_not_of(' '), name.size())));
  }
  return columns;
}

TEST(ProductsTest, WhateverIsNotKnownOfAProductThatIsThereIsExplained) {
  for (const bool is_live : {true, false})
    for (const auto& product : security_products()) {
      auto host = machine(std::string(product.product.programs.front()));
      host.live = is_live;
      const auto table = good(collect_security_agents(host));
      const auto& name = product.product.name;
      ASSERT_EQ(cell(table, "name", name, "installed"), "1") << name;
      const auto explained = explained_columns(cell(table, "name", name, "note"));
      for (const auto& column : table.header().columns)
        if (column.name != "note" && cell(table, "name", name, column.name) == "NULL") {
          EXPECT_TRUE(explained.contains(column.name))
              << name << ": " << column.name << ": " << cell(table, "name", name, "note");
        }
    }
}

TEST(ProductsTest, SuricatasRulesAreAsOldAsTheNewestFile) {
  auto host = machine("/usr/bin/suricata");
  EXPECT_NE(note(host).find("signature_date: there are no rules in /var/lib/suricata/rules, "),
            std::string::npos);
  const auto at = [](std::int64_t day) {
    return FileStatus{.kind = FileKind::kRegular, .modified_ns = day * 86400 * 1'000'000'000};
  };
  for (const auto* path : {"/etc/suricata/rules/dns.rules", "/var/lib/suricata/rules/a.rules",
                           "/var/lib/suricata/rules/b.rules", "/var/lib/suricata/rules/x.config"})
    host.files[path] = "";
  host.statuses["/etc/suricata/rules/dns.rules"] = at(20'790);  // of the package, not in use
  host.statuses["/var/lib/suricata/rules/a.rules"] = at(20'771);
  host.statuses["/var/lib/suricata/rules/b.rules"] = at(20'777);
  host.statuses["/var/lib/suricata/rules/x.config"] = at(20'799);
  EXPECT_EQ(of(host, {"signature_date"}), "2026-11-20");
  host.files["/etc/suricata/suricata.yaml"] = "default-rule-path: /etc/suricata/rules\n";
  EXPECT_EQ(of(host, {"signature_date"}), "2026-12-03");
}

TEST(ProductsTest, SnortsRulesAreAsOldAsTheNewestFile) {
  auto host = machine("/usr/sbin/snort");
  host.files["/etc/snort/snort.conf"] = "var RULE_PATH /srv/rules\n";
  host.files["/srv/rules/local.rules"] = "";
  host.statuses["/srv/rules/local.rules"] = {
      .kind = FileKind::kRegular, .modified_ns = std::int64_t{20'777} * 86400 * 1'000'000'000};
  EXPECT_EQ(of(host, {"signature_date"}), "2026-11-20");
}

TEST(ProductsTest, EveryProductIsListedOnceAndItsProcessNamesFitTheKernel) {
  std::set<std::string_view> names;
  for (const auto& listed : security_products()) {
    const auto& product = listed.product;
    EXPECT_TRUE(names.insert(product.name).second) << product.name;
    for (const auto process : product.processes) EXPECT_LE(process.size(), 15U) << process;
  }
}

TEST(ProductsTest, DefenderTellsItsHealth) {
  auto host = machine("/opt/microsoft/mdatp/sbin/wdavdaemon");
  host.tools["/usr/bin/mdatp health --output json"] =
      R"({"appVersion":"101.1","definitionsVersion":"1.2","definitionsUpdated":"1795162800000",
          "orgId":"org","realTimeProtectionEnabled":{"value":true}})";
  host.tools["/usr/bin/mdatp scan list --output json"] =
      R"([{"type":"full","state":"succeeded","endTime":"1794000000000"}])";
  EXPECT_EQ(of(host, {"version", "real_time", "signature_version", "signature_date", "last_scan",
                      "management_server"}),
            "101.1|1|1.2|2026-11-20|2026-11-06|Microsoft Defender, organisation org");
}

TEST(ProductsTest, WithoutItsToolDefendersPolicyMaySayThatNothingIsChecked) {
  auto host = machine("/opt/microsoft/mdatp/sbin/wdavdaemon");
  const std::string policy = "/etc/opt/microsoft/mdatp/managed/mdatp_managed.json";
  host.files[policy] = R"({"antivirusEngine":{"enforcementLevel":"on_demand"}})";
  EXPECT_EQ(of(host, {"real_time"}), "0");
  host.files[policy] = R"({"antivirusEngine":{"enforcementLevel":"real_time"}})";
  EXPECT_EQ(of(host, {"real_time"}), "NULL");
  EXPECT_NE(note(host).find("enforcementLevel real_time"), std::string::npos);
}

TEST(ProductsTest, DefendersAnswerThatIsNoJsonIsNoted) {
  auto host = machine("/opt/microsoft/mdatp/sbin/wdavdaemon");
  host.tools["/usr/bin/mdatp"] = "Could not connect to the daemon";
  EXPECT_EQ(of(host, {"real_time", "signature_date"}), "NULL|NULL");
  EXPECT_NE(note(host).find("mdatp health: no JSON object"), std::string::npos);
}

TEST(ProductsTest, DeepSecurityNamesItsPatternByItsNameNotItsNumber) {
  auto host = machine("/opt/ds_agent/ds_agent");
  host.tools["/opt/ds_agent/dsa_query -c GetComponentInfo"] =
      "Component.AM.driverOffline: false\nComponent.AM.mode: on\nComponent.AM.scan.Realtime: 1\n"
      "Component.AM.version.pattern.3.name: IntelliTrap Pattern\n"
      "Component.AM.version.pattern.3.version: 0.261.00\n"
      "Component.AM.version.pattern.4.name: Smart Scan Agent Pattern\n"
      "Component.AM.version.pattern.4.version: 20.591.00\n";
  host.tools["/opt/ds_agent/dsa_query -c GetAgentStatus"] =
      "AgentStatus.agentState: green\nAgentStatus.dsmUrl: https://a:b@dsm.example.tw:4120/\n";
  EXPECT_EQ(of(host, {"real_time", "signature_version", "management_server"}),
            "1|20.591.00|https://dsm.example.tw:4120/");
}

TEST(ProductsTest, DeepSecurityWithoutItsDriverDoesNotCheckAtOnce) {
  auto host = machine("/opt/ds_agent/ds_agent");
  const std::string tool = "/opt/ds_agent/dsa_query -c GetComponentInfo";
  host.tools[tool] = "Component.AM.mode: off\n";
  EXPECT_EQ(of(host, {"real_time"}), "0");
  host.tools[tool] = "Component.AM.mode: on\nComponent.AM.driverOffline: true\n";
  EXPECT_EQ(of(host, {"real_time"}), "NULL");
}

TEST(ProductsTest, ServerProtectsPatternIsAFile) {
  auto host = machine("/opt/TrendMicro/SProtectLinux/SPLX.vsapiapp/vsapiapp");
  host.files["/opt/TrendMicro/SProtectLinux/lpt$vpn.591"] = "x";
  EXPECT_EQ(of(host, {"signature_version", "signature_date"}), "591|NULL");
}

TEST(ProductsTest, SymantecsDefinitionsCarryTheirDay) {
  auto host = machine("/opt/Symantec/symantec_antivirus/rtvscand");
  host.files["/opt/Symantec/virusdefs/definfo.dat"] =
      "[DefDates]\nCurDefs=20261119.003\nLastDefs=20261118.022\n";
  host.files["/etc/symantec/sep/sylink.xml"] =
      R"(<ServerList><ServerPriorityBlock><Server Address="sepm.example.tw" HttpPort="8014"/>)";
  host.tools["/opt/Symantec/symantec_antivirus/sav"] = "Enabled\n";
  EXPECT_EQ(of(host, {"signature_version", "signature_date", "management_server", "real_time"}),
            "20261119.003|2026-11-19|sepm.example.tw|1");
}

TEST(ProductsTest, EsetsDetectionEngineHasADay) {
  auto host = machine("/opt/eset/efs/sbin/startd");
  host.tools["/opt/eset/efs/bin/upd --list-modules"] =
      "EM000 1100 (20260401)   Update module\nEM002 30211 (20261120)  Detection engine\n";
  EXPECT_EQ(of(host, {"name", "signature_version", "signature_date"}),
            "ESET Server Security|30211|2026-11-20");
}

TEST(ProductsTest, SophosTakesNothingButTheAddressOfItsServer) {
  auto host = machine("/opt/sophos-spl/base/bin/sophos_managementagent");
  host.files["/opt/sophos-spl/base/VERSION.ini"] = "PRODUCT_NAME = Base\nPRODUCT_VERSION = 1.2.7\n";
  host.files["/opt/sophos-spl/base/etc/mcs.config"] =
      "MCSToken=canary-token\nMCSURL=https://mcs.example.com/sophos\nMCSPassword=canary\n";
  host.files["/opt/sophos-spl/plugins/av/var/on_access_policy.json"] = R"({"enabled":"true"})";
  EXPECT_EQ(of(host, {"version", "real_time", "management_server"}),
            "1.2.7|1|https://mcs.example.com/sophos");
  EXPECT_EQ(note(host).find("canary"), std::string::npos);
}

TEST(ProductsTest, CrowdStrikeInReducedModeDoesNotProtect) {
  auto host = machine("/opt/CrowdStrike/falcond");
  host.tools["/opt/CrowdStrike/falconctl -g --version"] = "version = 7.29.18202.0\n";
  host.tools["/opt/CrowdStrike/falconctl -g --rfm-state"] = "rfm-state=true.\n";
  EXPECT_EQ(of(host, {"version", "real_time"}), "7.29.18202.0|0");
  host.tools["/opt/CrowdStrike/falconctl -g --rfm-state"] = "rfm-state=false.\n";
  EXPECT_EQ(of(host, {"real_time"}), "NULL");
  host.add_process(9, "falcon-sensor");
  EXPECT_EQ(of(host, {"real_time"}), "1");
}

TEST(ProductsTest, SentinelOneTellsItsStateAndServer) {
  auto host = machine("/opt/sentinelone/bin/sentinelctl");
  host.tools["/opt/sentinelone/bin/sentinelctl version"] = "Agent version: 24.1.2.6\n";
  host.tools["/opt/sentinelone/bin/sentinelctl control status"] = "Agent state      Enabled\n";
  host.tools["/opt/sentinelone/bin/sentinelctl management status"] =
      "Connectivity     On\nURL              https://apne1.example.net\nUUID  canary\n";
  EXPECT_EQ(of(host, {"version", "real_time", "management_server"}),
            "24.1.2.6|1|https://apne1.example.net");
}

TEST(ProductsTest, CortexKeepsItsVersionInAFile) {
  auto host = machine("/opt/traps/bin/pmd");
  host.files["/opt/traps/version.txt"] = "8.2.0.118335\n";
  host.tools["/opt/traps/bin/cytool"] = "Content Type: 1\nContent Version: 1040-12345\n";
  EXPECT_EQ(of(host, {"version", "signature_version", "real_time"}),
            "8.2.0.118335|1040-12345|NULL");
}

TEST(ProductsTest, BitdefenderTellsItsState) {
  auto host = machine("/opt/bitdefender-security-tools/bin/bdsecd");
  host.tools["/opt/bitdefender-security-tools/bin/bduitool"] =
      "Product version: 7.0.3.2004\nEngines version: 7.94321\nAntimalware status: On\n"
      " - Last security content update: 2026-11-20 at 21:03\n";
  EXPECT_EQ(of(host, {"version", "signature_version", "signature_date", "real_time"}),
            "7.0.3.2004|7.94321|2026-11-20|1");
}

TEST(ProductsTest, KasperskyTellsItsState) {
  auto host = machine("/opt/kaspersky/kesl/bin/kesl-control");
  host.tools["/opt/kaspersky/kesl/bin/kesl-control"] =
      "Name:      Kaspersky Endpoint Security 12 for Linux\nVersion:   12.0.0.6672\n"
      "Last release date of databases:   2026-11-19 18:02:00\n"
      "File Threat Protection:   Available and running\n";
  EXPECT_EQ(of(host, {"version", "signature_date", "real_time"}), "12.0.0.6672|2026-11-19|1");
}

TEST(ProductsTest, WazuhNamesItsManagerOutsideOfComments) {
  auto host = machine("/var/ossec/bin/wazuh-agentd");
  host.files["/var/ossec/etc/ossec.conf"] =
      "<ossec_config><!-- <client><address>old</address></client> --><client><server>\n"
      "<address> wazuh.example.tw </address></server></client></ossec_config>";
  host.files["/var/ossec/var/run/wazuh-agentd.state"] = "# State\nstatus='pending'\n";
  EXPECT_EQ(of(host, {"kind", "management_server"}), "intrusion_detection|wazuh.example.tw");
  EXPECT_NE(note(host).find("not connected"), std::string::npos);
}

TEST(ProductsTest, OssecKeepsItsVersionInAFile) {
  auto host = machine("/var/ossec/bin/ossec-agentd");
  host.files["/etc/ossec-init.conf"] = "DIRECTORY=\"/var/ossec\"\nVERSION=\"v3.7.0\"\n";
  host.files["/var/ossec/etc/ossec.conf"] = "<client><server-ip>192.0.2.5</server-ip></client>";
  EXPECT_EQ(of(host, {"name", "version", "management_server"}), "OSSEC|v3.7.0|192.0.2.5");
}

TEST(ProductsTest, AideIsStartedByCronAndReportsItsLastCheck) {
  auto host = machine("/usr/bin/aide");
  EXPECT_NE(note(host).find("no database to compare with"), std::string::npos);
  host.files["/etc/cron.daily/aide"] = "#!/bin/sh";
  host.files["/var/lib/aide/aide.db"] = "x";
  host.files["/var/log/aide/aide.log"] =
      "Start timestamp: 2026-11-20 06:25:03 +0000 (AIDE 0.18.3)\nAIDE found differences\n";
  EXPECT_EQ(of(host, {"kind", "enabled", "last_scan"}), "file_integrity|1|2026-11-20");
  EXPECT_EQ(note(host).find("no database"), std::string::npos);
}

TEST(ProductsTest, ModSecurityThatOnlyReportsDoesNotStopAnything) {
  auto host = machine("/usr/lib/apache2/modules/mod_security2.so");
  host.files["/etc/modsecurity/modsecurity.conf"] =
      "# SecRuleEngine On\nSecRuleEngine DetectionOnly\n";
  host.links["/etc/apache2/mods-enabled/security2.load"] = "../mods-available/security2.load";
  EXPECT_EQ(of(host, {"kind", "enabled", "running", "real_time"}), "web_firewall|1|NULL|0");
}

TEST(ProductsTest, SpamAssassinsRulesCarryTheirNumber) {
  auto host = machine("/usr/bin/spamassassin");
  host.files["/var/lib/spamassassin/4.000001/updates_spamassassin_org.cf"] =
      "# UPDATE version 1922005\ninclude x\n";
  EXPECT_EQ(of(host, {"kind", "signature_version"}), "mail_filter|1922005");
}

}  // namespace
}  // namespace assay::agent
