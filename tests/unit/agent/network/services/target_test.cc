#include "agent/network/services/target/target.h"

#include <gtest/gtest.h>

#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {
namespace {

std::string read(std::string_view text) {
  const auto endpoints = endpoints_from(text);
  if (!endpoints) return std::string(name_of(endpoints.error().code()));
  std::string out;
  for (const auto& endpoint : *endpoints)
    out += (out.empty() ? "" : " ") + endpoint.host + "|" + std::to_string(endpoint.port) +
           (endpoint.transport == Transport::kUdp ? "u" : "");
  return out;
}

TEST(ServiceTarget, HostsAndPorts) {
  EXPECT_EQ(read("192.0.2.1:22"), "192.0.2.1|22");
  EXPECT_EQ(read("mail.example.tw:25,143,8000-8002"),
            "mail.example.tw|25 mail.example.tw|143 mail.example.tw|8000 mail.example.tw|8001 "
            "mail.example.tw|8002");
  EXPECT_EQ(read("[2001:db8::1]:161/udp,80/tcp"), "2001:db8::1|161u 2001:db8::1|80");
  EXPECT_EQ(read("h:53,53/udp,53"), "h|53 h|53u");
}

TEST(ServiceTarget, WithoutPortsTheUsualOnesOfAll) {
  for (const auto* text : {"h", "2001:db8::1", "[2001:db8::1]"}) {
    const auto endpoints = endpoints_from(text);
    ASSERT_TRUE(endpoints.has_value()) << text;
    EXPECT_EQ(endpoints->size(), usual_ports().size() + datagrams().size());
  }
}

TEST(ServiceTarget, SlipsAreTold) {
  for (const auto* text : {"", "h:", "h:0", "h:65536", "h:22,", "h:9-8", "h:22/sctp", "h:x", "h:1-",
                           "[2001:db8::1", "[x]:1", "a b:1", "-h:1", "h:22/udp/udp"})
    EXPECT_EQ(read(text), "usage") << text;
  EXPECT_EQ(read("h:1-65535"), "too_large");
}

}  // namespace
}  // namespace assay::agent::services
