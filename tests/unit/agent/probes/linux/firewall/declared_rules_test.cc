// What ufw and firewalld have in their files.
#include <gtest/gtest.h>

#include "agent/probes/linux/firewall/firewalld.h"
#include "agent/probes/linux/firewall/rule_rows.h"
#include "agent/probes/linux/firewall/ufw.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

FilterRule ufw_rule(const std::string& tuple, std::size_t chain = 0) {
  const auto table = parse_ufw_rules("### tuple ### " + tuple + "\n", IpFamily::kV4);
  const auto& rules = table.chains.at(chain).rules;
  return rules.empty() ? FilterRule() : rules.front();
}

TEST(UfwTest, ReadsItsOwnComments) {
  const auto rule = ufw_rule("allow tcp 22,8000:8100 0.0.0.0/0 any 10.0.0.0/8 in comment=6f6b");
  EXPECT_EQ(to_text(*rule.when.destination_ports), "22,8000-8100");
  EXPECT_EQ(to_text(*rule.when.source, IpFamily::kV4, 9), "10.0.0.0/8");
  EXPECT_EQ(rule.action, Action::kAccept);
  EXPECT_TRUE(rule.is_complete());
}

TEST(UfwTest, KnowsInterfacesRoutesAndProfiles) {
  EXPECT_EQ(ufw_rule("deny any any 0.0.0.0/0 any 0.0.0.0/0 in_eth0").when.in[0].names[0], "eth0");
  EXPECT_EQ(ufw_rule("reject udp 53 0.0.0.0/0 any 0.0.0.0/0 out", 1).action, Action::kReject);
  EXPECT_EQ(ufw_rule("route:allow any any 0.0.0.0/0 any 0.0.0.0/0 in_eth0!out_eth1", 2)
                .when.out[0]
                .names[0],
            "eth1");
  EXPECT_TRUE(ufw_rule("limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 OpenSSH - in").is_complete());
  EXPECT_TRUE(ufw_rule("allow_log tcp 22 0.0.0.0/0 any 0.0.0.0/0 in").is_complete());
}

TEST(UfwTest, ACommentOfAnotherFormIsKeptAsText) {
  for (const auto* tuple : {"allow tcp", "allow tcp 99999 0.0.0.0/0 any 0.0.0.0/0 in",
                            "allow tcp 22 of-nowhere any 0.0.0.0/0 in", "", "a b c d e f g"}) {
    const auto rule = ufw_rule(tuple);
    EXPECT_FALSE(rule.is_complete()) << tuple;
  }
}

TEST(UfwTest, ThatItIsInstalledDoesNotMeanThatItIsOn) {
  MemoryHost host;
  EXPECT_FALSE(read_ufw(host)->has_value());
  host.files["/etc/ufw/ufw.conf"] = "# x\nENABLED=no\n";
  host.files["/etc/default/ufw"] = "IPV6=no\nDEFAULT_INPUT_POLICY=\"REJECT\"\n";
  const auto off = *read_ufw(host);
  EXPECT_FALSE(off->is_enabled);
  EXPECT_FALSE(off->has_ipv6);
  EXPECT_EQ(off->input, Action::kReject);
  host.files["/etc/ufw/ufw.conf"] = "ENABLED=yes";
  EXPECT_TRUE((*read_ufw(host))->is_enabled);
}

MemoryHost fedora() {
  MemoryHost host;
  host.files["/usr/lib/firewalld/zones/public.xml"] =
      "<?xml version=\"1.0\"?>\n<zone><!-- > --><service name=\"ssh\"/></zone>";
  host.files["/usr/lib/firewalld/zones/drop.xml"] = "<zone target=\"DROP\"/>";
  host.files["/usr/lib/firewalld/services/ssh.xml"] =
      "<service><port protocol=\"tcp\" port=\"22\"/></service>";
  return host;
}

TEST(FirewalldTest, TheDefaultZoneWithItsServices) {
  auto host = fedora();
  const auto firewalld = *read_firewalld(host);
  ASSERT_EQ(firewalld->zones.size(), 1U);
  const auto& chain = firewalld->zones[0].table.chains[0];
  EXPECT_EQ(chain.policy, Action::kReject);
  EXPECT_EQ(to_text(*chain.rules.at(0).when.destination_ports), "22");
}

TEST(FirewalldTest, TheAdministratorsFilesComeFirst) {
  auto host = fedora();
  host.files["/etc/firewalld/firewalld.conf"] = "DefaultZone=drop\n";
  host.files["/etc/firewalld/services/ssh.xml"] =
      "<service><port protocol=\"tcp\" port=\"2222\"/></service>";
  host.files["/etc/firewalld/zones/public.xml"] =
      "<zone><interface name='eth1'/><service name='ssh'/><rule family='ipv4'>"
      "<source address='192.0.2.0/24'/><accept/></rule></zone>";
  const auto firewalld = *read_firewalld(host);
  ASSERT_EQ(firewalld->zones.size(), 2U);
  const auto& rules = firewalld->zones[1].table.chains[0].rules;
  EXPECT_EQ(to_text(*rules.at(1).when.destination_ports), "2222");
  EXPECT_FALSE(rules.at(2).is_complete());
}

// Protocol, destination, source ports and ports of the rules of the first zone.
std::string opened(const Firewalld& firewalld) {
  std::string text;
  for (const auto& rule : firewalld.zones.at(0).table.chains.at(0).rules) {
    const auto& when = rule.when;
    const auto part = [&text](const auto& set) { text += (set ? to_text(*set) : "any") + ' '; };
    part(when.protocols);
    text += !when.destination
                ? "any"
                : to_text(*when.destination, when.v4 ? IpFamily::kV4 : IpFamily::kV6, 9);
    text += ' ';
    part(when.source_ports);
    part(when.destination_ports);
    text.back() = when.not_understood.empty() ? ';' : '?';
  }
  return text;
}

TEST(FirewalldTest, AServiceOpensAllThatItsFileNames) {
  auto host = fedora();
  host.files["/usr/lib/firewalld/zones/public.xml"] =
      "<zone><service name=\"own\"/><protocol value=\"gre\"/></zone>";
  host.files["/usr/lib/firewalld/services/own.xml"] =
      "<service><port protocol=\"udp\" port=\"500\"/><port protocol=\"ah\" port=\"\"/>"
      "<protocol value=\"esp\"/><source-port protocol=\"tcp\" port=\"99\"/>"
      "<include service=\"dns\"/><include service=\"own\"/></service>";
  host.files["/usr/lib/firewalld/services/dns.xml"] =
      "<service><port protocol=\"udp\" port=\"53\"/>"
      "<destination ipv4=\"224.0.0.251\" ipv6=\"ff02::/16\"/></service>";
  EXPECT_EQ(opened(**read_firewalld(host)),
            "17 any any 500;51 any any any;50 any any any;6 any 99 any;"
            "17 224.0.0.251 any 53;17 ff02::/16 any 53;47 any any any;");
}

TEST(FirewalldTest, AnIncludedServiceThatIsNotThereIsNotUnderstood) {
  auto host = fedora();
  host.files["/usr/lib/firewalld/services/ssh.xml"] =
      "<service><port protocol=\"tcp\" port=\"22\"/><include service=\"gone\"/>"
      "<protocol value=\"unheard-of\"/></service>";
  EXPECT_EQ(opened(**read_firewalld(host)), "6 any any 22;any any any any?any any any any?");
}

TEST(FirewalldTest, AFileThatIsBrokenIsAnError) {
  auto host = fedora();
  host.files["/etc/firewalld/zones/public.xml"] = "<zone><service name=\"ssh";
  EXPECT_EQ(read_firewalld(host).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
