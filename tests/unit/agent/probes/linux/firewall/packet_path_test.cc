#include "agent/probes/linux/firewall/packet_path.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/firewall/nft_ruleset.h"
#include "tests/unit/agent/probes/linux/firewall/nft_text.h"

namespace assay::agent {
namespace {

// Who gets through to TCP port 22: "any", a list, "nobody", or "?" when that is not sure.
std::string through(const std::string& json, const std::string& interface = "eth0") {
  const auto tables = parse_nft_ruleset(json, {});
  if (!tables) return tables.error().message();
  const PacketPath path(*tables);
  const Flow flow{
      .port = 22, .in = interface, .out = {}, .destination = *parse_address("192.0.2.10")};
  const auto passage = path.to_listener(flow);
  if (!passage.surely.is_empty()) return to_text(passage.surely, IpFamily::kV4, 9);
  return passage.perhaps.is_empty() && passage.doubts.empty() ? "nobody" : "?";
}

std::string rule(std::initializer_list<std::string> statements) {
  std::string joined;
  for (const auto& statement : statements) joined += (joined.empty() ? "" : ",") + statement;
  return joined;
}

const std::string kAcceptSsh = rule({nft_port(22), kNftAccept});

TEST(PacketPathTest, ThePolicyDecidesWhatNoRuleDoes) {
  EXPECT_EQ(through(nft_input({})), "nobody");
  EXPECT_EQ(through(nft_input({}, "accept")), "any");
  EXPECT_EQ(through(R"({"nftables": []})"), "any");
}

TEST(PacketPathTest, TheFirstRuleThatMatchesDecides) {
  EXPECT_EQ(through(nft_input({kAcceptSsh, kNftDrop})), "any");
  EXPECT_EQ(through(nft_input({kNftDrop, kAcceptSsh})), "nobody");
  EXPECT_EQ(through(nft_input({rule({nft_port(80), kNftDrop}), kAcceptSsh})), "any");
}

TEST(PacketPathTest, SourcesAreComputedExactly) {
  const auto drop_one = rule({nft_source("198.51.100.7"), kNftDrop});
  const auto accept_one = rule({nft_source("198.51.100.7"), nft_port(22), kNftAccept});
  EXPECT_EQ(through(nft_input({accept_one})), "198.51.100.7");
  EXPECT_EQ(through(nft_input({drop_one, accept_one})), "nobody");
  EXPECT_EQ(through(nft_input({drop_one, kAcceptSsh})),
            "0.0.0.0-198.51.100.6, 198.51.100.8-255.255.255.255");
}

TEST(PacketPathTest, ARuleThatIsNotUnderstoodNeverMakesAListenerFiltered) {
  EXPECT_EQ(through(nft_input({rule({kNftMark, kNftAccept})})), "?");
  EXPECT_EQ(through(nft_input({rule({kNftMark, kNftDrop})})), "?");
  EXPECT_EQ(through(nft_input({R"({"queue": {"num": 1}})"})), "?");
  EXPECT_EQ(through(nft_input({R"({"jump": {"target": "of nowhere"}})"})), "?");
}

TEST(PacketPathTest, ARuleThatIsNotUnderstoodNeverMakesAListenerReachable) {
  EXPECT_EQ(through(nft_input({rule({kNftMark, kNftDrop}), kAcceptSsh})), "?");
  EXPECT_EQ(through(nft_input({rule({kNftMark, kNftDrop})}, "accept")), "?");
}

TEST(PacketPathTest, ARuleThatIsNotUnderstoodAndNotOnTheWayDoesNoHarm) {
  EXPECT_EQ(through(nft_input({rule({nft_port(80), kNftMark, kNftAccept})})), "nobody");
  EXPECT_EQ(through(nft_input({kAcceptSsh, rule({kNftMark, kNftDrop})})), "any");
}

TEST(PacketPathTest, EstablishedConnectionsAreNoWayIn) {
  const std::string established = R"({"match": {"op": "in", "left": {"ct": {"key": "state"}},
    "right": ["established", "related"]}})";
  EXPECT_EQ(through(nft_input({rule({established, kNftAccept})})), "nobody");
  const std::string map = R"({"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["new",
    {"accept": null}], ["invalid", {"drop": null}]]}}})";
  EXPECT_EQ(through(nft_input({map})), "any");
}

TEST(PacketPathTest, TheLoopbackInterfaceIsNotTheWayIn) {
  const std::string lo =
      R"({"match": {"op": "==", "left": {"meta": {"key": "iif"}}, "right": "lo"}})";
  EXPECT_EQ(through(nft_input({rule({lo, kNftAccept})})), "nobody");
  const std::string wild =
      R"({"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth*"}})";
  EXPECT_EQ(through(nft_input({rule({wild, kNftAccept})})), "any");
  EXPECT_EQ(through(nft_input({rule({wild, kNftAccept})}), "wlan0"), "nobody");
}

TEST(PacketPathTest, ALimitStopsNobodyAtACalmTime) {
  const std::string up_to = R"({"limit": {"rate": 5, "per": "second"}})";
  const std::string over = R"({"limit": {"rate": 5, "per": "second", "inv": true}})";
  EXPECT_EQ(through(nft_input({rule({up_to, kNftAccept})})), "any");
  EXPECT_EQ(through(nft_input({rule({over, kNftDrop}), kAcceptSsh})), "any");
  EXPECT_EQ(through(nft_input({rule({over, kNftAccept})})), "?");
  EXPECT_EQ(through(nft_input({rule({up_to, kNftDrop}), kAcceptSsh})), "?");
}

TEST(PacketPathTest, EveryChainOnTheWayMustLetThrough) {
  const std::string second = R"(,{"chain": {"family": "inet", "table": "filter", "name": "late",
    "type": "filter", "hook": "input", "prio": 10, "policy": "drop"}})";
  EXPECT_EQ(through(nft_input({kAcceptSsh}, "drop", second)), "nobody");
}

TEST(PacketPathTest, JumpsThatLoopEnd) {
  EXPECT_EQ(through(nft_input({R"({"jump": {"target": "input"}})"})), "?");
}

}  // namespace
}  // namespace assay::agent
