#include "agent/network/sweep/wire/udp_probe.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/network/sweep/plan/port_list.h"

namespace assay::agent::sweep {
namespace {

TEST(UdpProbeTest, EveryPortOfTheDefaultHasAQuestionOfItsOwn) {
  std::vector<std::string_view> seen;
  for (const auto port : all_ports(ports_from(default_own_ports()).value().udp)) {
    const auto question = udp_question(port);
    EXPECT_GE(question.size(), 12U) << port;
    EXPECT_EQ(std::ranges::count(seen, question), 0) << port;
    seen.push_back(question);
  }
  EXPECT_TRUE(udp_question(4242).empty());
}

TEST(UdpProbeTest, LengthsInTheQuestionsAreTrue) {
  const auto byte = [](std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
  };
  const auto snmp = udp_question(161);
  EXPECT_EQ(byte(snmp, 1), snmp.size() - 2);
  const auto ike = udp_question(500);
  EXPECT_EQ(byte(ike, 27), ike.size());
  EXPECT_EQ(udp_question(123).size(), 48U);
  EXPECT_EQ(udp_question(53).size(), 17U);
}

}  // namespace
}  // namespace assay::agent::sweep
