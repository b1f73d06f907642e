#include "agent/network/sweep/plan/address_set.h"

#include <gtest/gtest.h>

namespace assay::agent::sweep {
namespace {

AddressSet set_of(std::string_view text) {
  return addresses_from(text).value();
}

std::string text_of(const AddressSet& set) {
  std::string out;
  for (const auto& range : set.ranges()) out += (out.empty() ? "" : ",") + to_text(range);
  return out;
}

Address address(std::string_view text) {
  return sensor::address_from(text).value();
}

TEST(AddressSetTest, ReadsWhatPeopleWrite) {
  EXPECT_EQ(to_text(range_from("192.0.2.7").value()), "192.0.2.7");
  EXPECT_EQ(to_text(range_from("192.0.2.0/24").value()), "192.0.2.0-192.0.2.255");
  EXPECT_EQ(to_text(range_from("192.0.2.77/30").value()), "192.0.2.76-192.0.2.79");
  EXPECT_EQ(to_text(range_from("192.0.2.10-192.0.2.20").value()), "192.0.2.10-192.0.2.20");
  EXPECT_EQ(to_text(range_from("192.0.2.10-20").value()), "192.0.2.10-192.0.2.20");
  EXPECT_EQ(to_text(range_from("2001:db8::/126").value()), "2001:db8::-2001:db8::3");
  EXPECT_EQ(to_text(range_from("2001:db8::/63").value()),
            "2001:db8::-2001:db8:0:1:ffff:ffff:ffff:ffff");
  EXPECT_EQ(to_text(range_from("0.0.0.0/0").value()), "0.0.0.0-255.255.255.255");
}

TEST(AddressSetTest, RefusesAllElseAsAMistakeOfTheUser) {
  for (const auto* text :
       {"", "x", "192.0.2", "192.0.2.0/33", "192.0.2.20-10", "192.0.2.10-256", "192.0.2.1-",
        "-192.0.2.1", "fe80::1%eth0", "192.0.2.1-2001:db8::1", "::1-192.0.2.1", "::/0", "::/1",
        "192.0.2.1 192.0.2.2", "192.0.2.1/24/24", "0-255", "2001:db8::1-9"}) {
    const auto range = range_from(text);
    ASSERT_FALSE(range) << text << " " << to_text(*range);
    EXPECT_EQ(range.error().code(), Code::kUsage);
  }
}

TEST(AddressSetTest, ALongListIsRefusedBeforeItCosts) {
  std::string text;
  for (int at = 0; at < 100'000; ++at)
    text += "10." + std::to_string(at / 125 % 250) + "." + std::to_string(at % 125 * 2) + ".1,";
  EXPECT_EQ(addresses_from(text).error().code(), Code::kUsage);
}

TEST(AddressSetTest, JoinsWhatTouchesAndKeepsIpv4ApartFromIpv6) {
  EXPECT_EQ(text_of(set_of("192.0.2.0/25, 192.0.2.128/25,192.0.2.5")), "192.0.2.0-192.0.2.255");
  EXPECT_EQ(text_of(set_of("192.0.2.1,192.0.2.3")), "192.0.2.1,192.0.2.3");
  EXPECT_EQ(text_of(set_of("255.255.255.255,::1:0:0:0")), "255.255.255.255,::1:0:0:0");
}

TEST(AddressSetTest, TakesOutOfTheMiddleAndOffTheEnds) {
  auto set = set_of("192.0.2.0/28");
  set.remove(set_of("192.0.2.0,192.0.2.5-192.0.2.6,192.0.2.15-192.0.2.200"));
  EXPECT_EQ(text_of(set), "192.0.2.1-192.0.2.4,192.0.2.7-192.0.2.14");
  set.remove(range_from("0.0.0.0/0").value());
  EXPECT_TRUE(set.is_empty());
}

TEST(AddressSetTest, HoldsARangeOnlyWhole) {
  const auto set = set_of("192.0.2.0/25,198.51.100.0/24");
  EXPECT_TRUE(set.has(address("192.0.2.127")));
  EXPECT_FALSE(set.has(address("192.0.2.128")));
  EXPECT_FALSE(set.has(address("2001:db8::1")));
  EXPECT_TRUE(set.has(range_from("192.0.2.16/28").value()));
  EXPECT_FALSE(set.has(range_from("192.0.2.0/24").value()));
}

TEST(AddressSetTest, CountsNotFurtherThanAsked) {
  EXPECT_EQ(set_of("192.0.2.0/24,2001:db8::1").count(1000), 257U);
  EXPECT_EQ(set_of("192.0.2.0/24").count(256), 256U);
  EXPECT_EQ(set_of("192.0.2.0/24").count(255), 256U);
  EXPECT_EQ(set_of("2001:db8::/64").count(1000), 1001U);
  EXPECT_EQ(set_of("2001:db8::/32").count(1000), 1001U);
  EXPECT_EQ(set_of("0.0.0.0/0").count(1000), 1001U);
}

TEST(AddressSetTest, GoesThroughEachInOrder) {
  std::vector<std::string> seen;
  set_of("2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::,192.0.2.254-192.0.3.0")
      .each([&](const Address& one) { seen.push_back(sensor::to_text(one)); });
  EXPECT_EQ(seen, (std::vector<std::string>{"192.0.2.254", "192.0.2.255", "192.0.3.0",
                                            "2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::"}));
}

}  // namespace
}  // namespace assay::agent::sweep
