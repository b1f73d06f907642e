#include "agent/probes/linux/firewall/address_set.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

AddressSet prefix(const char* address, unsigned length) {
  return prefix_set(*parse_address(address), length);
}

std::string text(const AddressSet& set, IpFamily family = IpFamily::kV4) {
  return to_text(set, family, 4);
}

TEST(AddressSetTest, APrefixTakenOutLeavesTheRest) {
  const auto rest = all_addresses(IpFamily::kV4).minus(prefix("10.0.0.0", 8));
  EXPECT_EQ(text(rest), "0.0.0.0-9.255.255.255, 11.0.0.0-255.255.255.255");
  EXPECT_EQ(text(rest.plus(prefix("10.0.0.0", 8))), "any");
  EXPECT_TRUE(rest.within(prefix("10.1.2.3", 32)).is_empty());
}

TEST(AddressSetTest, TheLastAddressesDoNotWrapAround) {
  const auto all = all_addresses(IpFamily::kV6);
  EXPECT_TRUE(all.minus(all).is_empty());
  EXPECT_EQ(text(all.minus(prefix("::", 1)), IpFamily::kV6), "8000::/1");
  EXPECT_EQ(all.plus(all), all);
}

TEST(AddressSetTest, NeighboursBecomeOneRange) {
  EXPECT_EQ(text(prefix("192.0.2.0", 25).plus(prefix("192.0.2.128", 25))), "192.0.2.0/24");
  EXPECT_EQ(text(prefix("192.0.2.1", 32)), "192.0.2.1");
}

TEST(AddressSetTest, AMaskWithHolesIsNoSet) {
  const auto address = *parse_address("10.0.0.1");
  EXPECT_FALSE(masked_set(address, *parse_address("255.0.255.0")));
  EXPECT_EQ(text(*masked_set(address, *parse_address("255.255.0.0"))), "10.0.0.0/16");
}

TEST(AddressSetTest, KnowsLoopbackInAllItsForms) {
  for (const auto* address : {"127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(*parse_address(address))) << address;
  for (const auto* address : {"128.0.0.1", "::2", "::", "0.0.0.0", "::ffff:10.0.0.1"})
    EXPECT_FALSE(is_loopback(*parse_address(address))) << address;
}

}  // namespace
}  // namespace assay::agent
