#include "checks/engine/addresses.h"

#include <gtest/gtest.h>

namespace assay::checks {
namespace {

TEST(AddressClass, KnowsTheReservedRanges) {
  EXPECT_EQ(address_class("127.0.0.53"), "loopback");
  EXPECT_EQ(address_class("::1"), "loopback");
  EXPECT_EQ(address_class("0.0.0.0"), "any");
  EXPECT_EQ(address_class("::"), "any");
  EXPECT_EQ(address_class("172.31.255.1"), "private");
  EXPECT_EQ(address_class("172.32.0.1"), "public");
  EXPECT_EQ(address_class("fe80::1%eth0"), "link_local");
  EXPECT_EQ(address_class("fd00::1"), "private");
  EXPECT_EQ(address_class("::ffff:127.0.0.1"), "loopback");
  EXPECT_EQ(address_class("not an address"), std::nullopt);
}

TEST(IsInNetwork, ComparesTheBitsOfThePrefix) {
  EXPECT_EQ(is_in_network("192.0.2.17", "192.0.2.0/24"), true);
  EXPECT_EQ(is_in_network("192.0.3.17", "192.0.2.0/24"), false);
  EXPECT_EQ(is_in_network("192.0.2.127", "192.0.2.1/25"), true);
  EXPECT_EQ(is_in_network("192.0.2.128", "192.0.2.0/25"), false);
  EXPECT_EQ(is_in_network("203.0.113.9", "0.0.0.0/0"), true);
  EXPECT_EQ(is_in_network("2001:db8::1", "2001:db8::/32"), true);
  EXPECT_EQ(is_in_network("2001:db9::1", "2001:db8::/32"), false);
  EXPECT_EQ(is_in_network("fe80::1%eth0", "fe80::/10"), true);
}

TEST(IsInNetwork, TakesOneAddressForANetworkOfItself) {
  EXPECT_EQ(is_in_network("192.0.2.1", "192.0.2.1"), true);
  EXPECT_EQ(is_in_network("192.0.2.2", "192.0.2.1"), false);
}

TEST(IsInNetwork, KeepsTheTwoFamiliesApart) {
  EXPECT_EQ(is_in_network("192.0.2.1", "::/0"), false);
  EXPECT_EQ(is_in_network("2001:db8::1", "0.0.0.0/0"), false);
  EXPECT_EQ(is_in_network("::ffff:192.0.2.1", "192.0.2.0/24"), true);
}

TEST(IsInNetwork, DoesNotKnowWhatIsMalformed) {
  for (const auto* network :
       {"192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/2x", "lan", "2001:db8::/129", ""})
    EXPECT_EQ(is_in_network("192.0.2.1", network), std::nullopt) << network;
  EXPECT_EQ(is_in_network("router", "192.0.2.0/24"), std::nullopt);
}

}  // namespace
}  // namespace assay::checks
