#include "agent/network/sensor/packet/address.h"

#include <gtest/gtest.h>

namespace assay::agent::sensor {
namespace {

TEST(AddressTest, IsWrittenAsItIsRead) {
  for (const auto* text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "fe80::1:2", "ff02::fb"})
    EXPECT_EQ(to_text(address_from(text).value()), text);
  for (const auto* text : {"", "192.0.2", "192.0.2.256", "[::1]", "fe80::1%eth0", "x"})
    EXPECT_FALSE(address_from(text)) << text;
}

TEST(AddressTest, NetworksHoldWhatTheyShould) {
  const auto has = [](std::string_view network, std::string_view address) {
    return network_from(network).value().has(address_from(address).value());
  };
  EXPECT_TRUE(has("192.0.2.0/24", "192.0.2.255"));
  EXPECT_FALSE(has("192.0.2.0/24", "192.0.3.0"));
  EXPECT_TRUE(has("192.0.2.77/24", "192.0.2.1"));
  EXPECT_TRUE(has("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(has("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(has("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(has("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(network_from("192.0.2.0/33"));
  EXPECT_FALSE(network_from("2001:db8::/129"));
  EXPECT_FALSE(network_from("192.0.2.0/x"));
}

TEST(AddressTest, TellsPublicFromAllElse) {
  for (const auto* text : {"8.8.8.8", "203.0.113.9", "172.15.255.255", "172.32.0.0", "2001:db8::1",
                           "11.0.0.0", "100.63.255.255", "100.128.0.0"})
    EXPECT_TRUE(is_public(address_from(text).value())) << text;
  for (const auto* text : {"10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.1",
                           "127.0.0.1", "169.254.1.1", "224.0.0.251", "255.255.255.255", "0.0.0.0",
                           "100.64.0.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1"})
    EXPECT_FALSE(is_public(address_from(text).value())) << text;
}

}  // namespace
}  // namespace assay::agent::sensor
