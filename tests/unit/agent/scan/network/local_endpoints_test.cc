#include "agent/scan/network/local_endpoints.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

struct Port {
  std::int64_t port;
  const char* address;
  const char* process = "nginx";
  std::int64_t protocol = 6;
};

std::vector<LocalEndpoint> endpoints(const std::vector<Port>& ports) {
  evidence::Table table(*evidence::find_table("listening_ports"));
  for (const auto& [port, address, process, protocol] : ports)
    table.add({{"port", port},
               {"protocol", protocol},
               {"address", std::string(address)},
               {"process", std::string(process)}});
  return local_endpoints(table);
}

TEST(LocalEndpoints, WhoListensOnAllAddressesIsReachedByLoopback) {
  const auto found = endpoints({{443, "0.0.0.0"}, {443, "::"}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], (LocalEndpoint{"127.0.0.1", 443, "0.0.0.0", "nginx", ""}));
  EXPECT_EQ(found[1], (LocalEndpoint{"::1", 443, "::", "nginx", ""}));
}

TEST(LocalEndpoints, AnAddressOfItsOwnIsUsed) {
  const auto found = endpoints({{8443, "192.0.2.7"}, {25, "2001:db8::7", "master"}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], (LocalEndpoint{"2001:db8::7", 25, "2001:db8::7", "master", ""}));
  EXPECT_EQ(found[1].host, "192.0.2.7");
}

TEST(LocalEndpoints, OverUdpThePortsOfFourProtocolsAndNoOthers) {
  const auto found = endpoints({{53, "0.0.0.0", "named", 17},
                                {53, "127.0.0.1", "dnsmasq", 17},
                                {53, "0.0.0.0", "named", 6},
                                {514, "0.0.0.0", "rsyslogd", 17}});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0], (LocalEndpoint{"127.0.0.1", 53, "0.0.0.0", "named", "", false}));
  EXPECT_EQ(found[1], (LocalEndpoint{"127.0.0.2", 53, "0.0.0.0", "named", "", true}));
  EXPECT_EQ(found[2], (LocalEndpoint{"127.0.0.1", 53, "127.0.0.1", "dnsmasq", "", true}));
}

TEST(LocalEndpoints, TwoProgramsOfOnePortAreBothReached) {
  const auto found = endpoints({{443, "0.0.0.0"}, {443, "127.0.0.1", "envoy"}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].host, "127.0.0.2");
  EXPECT_EQ(found[1].host, "127.0.0.1");
  EXPECT_EQ(found[1].process, "envoy");
}

TEST(LocalEndpoints, WhatCannotBeReachedSaysWhy) {
  const auto found = endpoints({{443, "::"}, {443, "::1"}, {80, "fe80::1"}});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0].problem.contains("link-local"));
  EXPECT_EQ(found[1].host, "");
  EXPECT_FALSE(found[1].problem.empty());
  EXPECT_EQ(found[2].problem, "");
}

TEST(LocalEndpoints, APrintServerIsNotMadeToPrintTheQuestion) {
  const auto found = endpoints(
      {{9100, "0.0.0.0", "p910nd"}, {9101, "0.0.0.0", ""}, {9102, "0.0.0.0", "node_exporter"}});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0].problem.contains("print"));
  EXPECT_TRUE(found[1].problem.contains("print"));
  EXPECT_EQ(found[2].problem, "");
}

TEST(LocalEndpoints, ASocketCountsOnceAndUdpDoesNot) {
  EXPECT_EQ(
      endpoints({{443, "0.0.0.0"}, {443, "0.0.0.0"}, {5353, "127.0.0.1", "mdns", 17}}).size(),
            1U);
}

}  // namespace
}  // namespace assay::agent
