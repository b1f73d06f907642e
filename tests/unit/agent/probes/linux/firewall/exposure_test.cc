#include "agent/probes/linux/firewall/exposure.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/firewall/nft_text.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// A kernel without modules, two interfaces, one listener on TCP port 22.
MemoryHost machine(const std::string& address = "0.0.0.0", std::uint8_t family = 2) {
  MemoryHost host;
  host.addresses = {{"lo", "127.0.0.1", "255.0.0.0", "", ""},
                    {"eth0", "192.0.2.10", "255.255.255.0", "", ""},
                    {"wlan0", "198.51.100.10", "255.255.255.0", "", ""},
                    {"eth0", "fe80::1%eth0", "ffff:ffff:ffff:ffff::", "", ""},
                    {"docker0", "172.17.0.1", "255.255.0.0", "", ""}};
  host.sockets = {{6, family, address, 22, 0, 71}};
  host.owners = {{71, 100}};
  host.add_process(100, "sshd", "/usr/sbin/sshd");
  host.nft = NftRuleset{};
  return host;
}

std::string reach(MemoryHost& host, std::size_t index = 0) {
  const auto table = good(collect_exposure(host));
  if (index >= table.rows().size()) return "no such row";
  return row(table, index, {"family", "interface", "reach", "sources"});
}

TEST(ExposureTest, WithoutAFilterEveryListenerIsReachable) {
  auto host = machine();
  const auto table = good(collect_exposure(host));
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"port", "address", "interface", "process", "reach", "sources", "why"}),
            "22|0.0.0.0|NULL|sshd|reachable|any|no packet filter");
}

TEST(ExposureTest, ALoopbackListenerStaysAtHome) {
  for (const auto* address : {"127.0.0.1", "127.0.0.53", "::1"}) {
    auto host = machine(address, std::string_view(address).contains(':') ? 10 : 2);
    EXPECT_TRUE(reach(host).ends_with("|NULL|loopback_only|NULL")) << address;
  }
}

TEST(ExposureTest, ASocketOnAllIpv6AddressesTakesIpv4Too) {
  auto host = machine("::", 10);
  EXPECT_EQ(good(collect_exposure(host)).rows().size(), 2U);
  host.sockets[0].is_v6_only = true;
  EXPECT_EQ(good(collect_exposure(host)).rows().size(), 1U);
}

TEST(ExposureTest, TheRuleThatDecidesIsNamed) {
  auto host = machine();
  host.nft->json = nft_input({nft_port(80) + "," + kNftAccept});
  EXPECT_EQ(cell(good(collect_exposure(host)), "reach", "filtered", "why"),
            "nftables inet filter input policy drop");
  host.nft->json = nft_input({nft_port(22) + "," + kNftAccept});
  EXPECT_EQ(cell(good(collect_exposure(host)), "reach", "reachable", "why"),
            "nftables inet filter input rule 1 accept");
}

TEST(ExposureTest, InterfacesThatDifferHaveARowEach) {
  auto host = machine();
  host.nft->json = nft_input(
      {std::string(
           R"({"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth0"}},)") +
       kNftAccept});
  const auto table = good(collect_exposure(host));
  EXPECT_EQ(cell(table, "interface", "eth0", "reach"), "reachable");
  EXPECT_EQ(cell(table, "interface", "wlan0", "reach"), "filtered");
}

TEST(ExposureTest, ARuleThatIsNotUnderstoodMakesItUnknownWithTheReason) {
  auto host = machine();
  host.nft->json = nft_input({std::string(kNftMark) + "," + kNftAccept});
  EXPECT_EQ(cell(good(collect_exposure(host)), "reach", "unknown", "why"),
            "nftables inet filter input rule 1 accept: not understood");
}

TEST(ExposureTest, ASocketBoundToAnInterfaceIsReachedThereOnly) {
  auto host = machine();
  host.sockets[0].interface = "lo";
  EXPECT_EQ(reach(host), "2|NULL|loopback_only|NULL");
}

std::string nat(const std::string& target) {
  return R"({"nftables": [{"table": {"family": "ip", "name": "nat"}}, {"chain": {"family": "ip",
    "table": "nat", "name": "pre", "type": "nat", "hook": "prerouting", "prio": -100, "policy":
    "accept"}}, {"rule": {"family": "ip", "table": "nat", "chain": "pre", "handle": 3, "expr": [)" +
         nft_port(8080) + "," + target + "]}}]}";
}

TEST(ExposureTest, PortsThatRulesSendToContainersArePublished) {
  auto host = machine();
  host.nft->json = nat(R"({"dnat": {"addr": "172.17.0.2", "port": 80}})");
  const auto table = good(collect_exposure(host));
  EXPECT_EQ(cell(table, "port", "8080", "reach"), "published_by_container");
  EXPECT_EQ(cell(table, "port", "8080", "address"), "NULL");
  EXPECT_EQ(cell(table, "port", "22", "reach"), "reachable");
}

TEST(ExposureTest, AProxyOfContainersPublishes) {
  auto host = machine();
  host.add_process(100, "docker-proxy", "/usr/bin/docker-proxy");
  EXPECT_EQ(reach(host), "2|NULL|published_by_container|any");
}

TEST(ExposureTest, ARuleThatSendsPacketsToLoopbackIsNotOverlooked) {
  auto host = machine("127.0.0.1");
  host.nft->json = nat(R"({"dnat": {"addr": "127.0.0.1", "port": 22}})");
  EXPECT_EQ(reach(host), "2|NULL|unknown|NULL");
}

TEST(ExposureTest, AFilterThatCannotBeReadIsAnError) {
  auto inner = machine();
  FailingHost host(inner);
  host.fail_filters(Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_exposure(host).error().code(), Code::kPermissionDenied);
  inner.live = false;
  EXPECT_EQ(collect_exposure(inner).error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
