#include "agent/probes/linux/firewall/nft_ruleset.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/firewall/nft_text.h"

namespace assay::agent {
namespace {

// The rules of the chain "input".
std::vector<FilterRule> rules_of(const std::string& json,
                                 const std::vector<NftRuleExtensions>& extensions = {}) {
  const auto tables = parse_nft_ruleset(json, extensions);
  if (!tables || tables->empty()) {
    ADD_FAILURE() << (tables ? "no table" : tables.error().message());
    return {};
  }
  return tables->front().chains.front().rules;
}

FilterRule rule_of(const std::string& statements) {
  const auto rules = rules_of(nft_input({statements}));
  return rules.empty() ? FilterRule() : rules.front();
}

std::string match(const std::string& left, const std::string& right, const std::string& op = "==") {
  return R"({"match": {"op": ")" + op + R"(", "left": )" + left + R"(, "right": )" + right + "}}";
}

TEST(NftRulesetTest, APortImpliesItsProtocol) {
  const auto rule = rule_of(nft_port(22) + "," + kNftAccept);
  EXPECT_EQ(rule.when.protocols, NumberSet(6, 6));
  EXPECT_EQ(rule.when.destination_ports, NumberSet(22, 22));
  EXPECT_EQ(rule.action, Action::kAccept);
  EXPECT_TRUE(rule.is_complete());
}

TEST(NftRulesetTest, AnAddressImpliesItsFamily) {
  const auto rule = rule_of(nft_source("192.0.2.1") + "," + kNftDrop);
  EXPECT_TRUE(rule.when.v4);
  EXPECT_FALSE(rule.when.v6);
}

// libnftables leaves "meta nfproto ipv4" out of what it prints when this follows.
TEST(NftRulesetTest, ARejectOfOneFamilyIsOnlyOfThatFamily) {
  EXPECT_FALSE(rule_of(R"({"reject": {"type": "icmp", "expr": "host-unreachable"}})").when.v6);
  EXPECT_FALSE(rule_of(R"({"reject": {"type": "icmpv6", "expr": "no-route"}})").when.v4);
  EXPECT_EQ(rule_of(R"({"reject": {"type": "tcp reset"}})").when.protocols, NumberSet(6, 6));
  EXPECT_TRUE(rule_of(R"({"reject": {"type": "icmpx"}})").when.v6);
}

TEST(NftRulesetTest, WhatIsNotUnderstoodIsKeptAndMakesTheRuleIncomplete) {
  for (const auto* statement :
       {kNftMark, R"({"tproxy": {"port": 5}})", R"({"queue": {"num": 1}})", R"({"xt": null})",
        R"({"mangle": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "value": 1}})",
        R"({"ct count": {"val": 0, "inv": true}})", R"({"of tomorrow": 1})"}) {
    const auto rule = rule_of(std::string(statement) + "," + kNftAccept);
    EXPECT_FALSE(rule.is_complete()) << statement;
  }
}

TEST(NftRulesetTest, StatementsThatDecideNothingAreHarmless) {
  const auto rule = rule_of(
      std::string(R"({"counter": null},{"log": {"prefix": "a"}},)") +
      R"({"mangle": {"key": {"meta": {"key": "mark"}}, "value": 1}},{"limit": {"rate": 5}},)" +
      kNftAccept);
  EXPECT_TRUE(rule.is_complete());
  EXPECT_TRUE(rule.when.is_limited);
}

TEST(NftRulesetTest, NegationIsTheComplement) {
  const auto rule = rule_of(
      match(R"({"payload": {"protocol": "tcp", "field": "dport"}})", R"({"set": [22, 80]})", "!="));
  EXPECT_EQ(*rule.when.destination_ports,
            NumberSet(0, 65535).minus(NumberSet(22, 22)).minus(NumberSet(80, 80)));
}

TEST(NftRulesetTest, AMapOfVerdictsIsARuleForEach) {
  const auto rules = rules_of(nft_input({R"({"vmap": {"key": {"payload": {"protocol": "tcp",
    "field": "dport"}}, "data": {"set": [[22, {"accept": null}], [{"range": [24, 30]},
    {"jump": {"target": "more"}}]]}}})"}));
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].action, Action::kAccept);
  EXPECT_EQ(rules[1].when.destination_ports, NumberSet(24, 30));
  EXPECT_EQ(rules[1].target, "more");
  EXPECT_EQ(rules[0].position, rules[1].position);
}

TEST(NftRulesetTest, NamedSetsAreLookedUp) {
  const auto set = R"(,{"set": {"family": "inet", "name": "ours", "table": "filter", "type":
    "ipv4_addr", "elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}},
    {"elem": {"val": "192.0.2.1", "timeout": 60}}]}})";
  const auto rules = rules_of(nft_input({nft_source("@ours"), nft_source("@theirs")}, "drop", set));
  EXPECT_EQ(to_text(*rules[0].when.source, IpFamily::kV4, 9), "10.0.0.0/8, 192.0.2.1");
  EXPECT_EQ(rules[0].source_name, "@ours");
  EXPECT_FALSE(rules[1].is_complete());
}

TEST(NftRulesetTest, TheSynOfANewConnectionIsKnown) {
  const std::string flags = R"({"&": [{"payload": {"protocol": "tcp", "field": "flags"}},
    ["fin", "syn", "rst", "ack"]]})";
  EXPECT_FALSE(rule_of(match(flags, R"("syn")")).when.is_never_first);
  EXPECT_TRUE(rule_of(match(flags, R"("syn")", "!=")).when.is_never_first);
  EXPECT_TRUE(rule_of(match(flags, R"(["syn", "ack"])")).when.is_never_first);
}

TEST(NftRulesetTest, AnExtensionOfIptablesNeedsTheKernelsData) {
  const std::string json = nft_input({R"({"xt": {"type": "match", "name": "comment"}})"});
  const NftRuleExtensions known{1, "filter", "input", 10, {{false, "comment", 0, "hello"}}};
  const NftRuleExtensions other{1, "filter", "input", 10, {{false, "mark", 0, "hello"}}};
  EXPECT_TRUE(rules_of(json, {known}).front().is_complete());
  EXPECT_FALSE(rules_of(json, {other}).front().is_complete());
  EXPECT_FALSE(rules_of(json).front().is_complete());
}

TEST(NftRulesetTest, OtherTextIsRefused) {
  const std::string no_table = R"({"nftables": [{"rule": {"family": "ip", "table": "x"}}]})";
  const std::string no_hook = R"({"nftables": [{"table": {"family": "ip", "name": "x"}}, {"chain":
    {"family": "ip", "table": "x", "name": "y", "hook": "of tomorrow", "prio": 0}}]})";
  for (const std::string& text : {std::string("{"), std::string("[]"), std::string(), no_table,
                                  no_hook, std::string(100'000, '[')})
    EXPECT_EQ(parse_nft_ruleset(text, {}).error().code(), Code::kInvalidData) << text.substr(0, 80);
}

}  // namespace
}  // namespace assay::agent
