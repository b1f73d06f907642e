#include "agent/network/sweep/plan/port_list.h"

#include <gtest/gtest.h>

namespace assay::agent::sweep {
namespace {

TEST(PortListTest, ReadsPortsRangesAndTransports) {
  EXPECT_EQ(to_text(ports_from("22").value()), "22");
  EXPECT_EQ(to_text(ports_from("443,22,80,23").value()), "22-23,80,443");
  EXPECT_EQ(to_text(ports_from("1-1024,1000-2000, 2001").value()), "1-2001");
  EXPECT_EQ(to_text(ports_from("-").value()), "1-65535");
  EXPECT_EQ(to_text(ports_from("65000-").value()), "65000-65535");
  EXPECT_EQ(to_text(ports_from("-10").value()), "1-10");
  EXPECT_EQ(to_text(ports_from("U:53,161,T:22,U:69").value()), "22,U:53,69,161");
  EXPECT_EQ(to_text(ports_from("U:53").value()), "U:53");
}

TEST(PortListTest, RefusesAllElseAsAMistakeOfTheUser) {
  for (const auto* text : {"", ",", "0", "65536", "22,", "22-21", "x", "22 23", "U:", "1-2-3", "+1",
                           "S:1", "99999999999"}) {
    const auto ports = ports_from(text);
    ASSERT_FALSE(ports) << text;
    EXPECT_EQ(ports.error().code(), Code::kUsage);
  }
}

TEST(PortListTest, CountsAndListsEachOnce) {
  const auto ports = ports_from("1-65535,22,U:53").value();
  EXPECT_EQ(count(ports.tcp), 65'535U);
  const auto all = all_ports(ports.tcp);
  EXPECT_EQ(all.size(), 65'535U);
  EXPECT_EQ(all.front(), 1);
  EXPECT_EQ(all.back(), 65'535);
}

TEST(PortListTest, TheDefaultsAreReadable) {
  EXPECT_EQ(count(ports_from(default_own_ports()).value().tcp), 65'535U);
  const auto others = ports_from(default_range_ports()).value();
  EXPECT_GT(count(others.tcp), 1024U);
  EXPECT_EQ(others.udp, ports_from(default_own_ports()).value().udp);
}

}  // namespace
}  // namespace assay::agent::sweep
