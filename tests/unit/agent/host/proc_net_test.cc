#include "agent/host/proc_net.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <array>
#include <cstdio>
#include <cstring>

namespace assay::agent {
namespace {

constexpr std::string_view kHead = "  sl  local_address rem_address   st tx_queue rx_queue\n";

std::string line(std::string_view local, std::string_view state) {
  return std::string("   0: ").append(local).append(" 00000000:0000 ").append(state) +
         " 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000\n";
}

// Four bytes of an address as the kernel prints them: a word in the machine's byte order.
std::string digits(std::array<std::uint8_t, 4> bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof word);
  char text[9];
  (void)std::snprintf(text, sizeof text, "%08X", word);  // always eight digits
  return text;
}

TEST(ProcNetTest, ReadsAListenerAndLeavesConnectionsOut) {
  const auto text = std::string(kHead) + line(digits({127, 0, 0, 1}) + ":1F90", "0A") +
                    line(digits({127, 0, 0, 1}) + ":0016", "01");
  EXPECT_EQ(parse_proc_net(text, IPPROTO_TCP, AF_INET).value(),
            (std::vector<Socket>{{6, 2, "127.0.0.1", 8080, 1000, 4711}}));
}

TEST(ProcNetTest, ReadsIpv6) {
  const auto text =
      std::string(kHead) + line(std::string(24, '0') + digits({0, 0, 0, 1}) + ":0035", "07");
  EXPECT_EQ(parse_proc_net(text, IPPROTO_UDP, AF_INET6).value(),
            (std::vector<Socket>{{17, 10, "::1", 53, 1000, 4711}}));
}

TEST(ProcNetTest, ALineThatCannotBeReadIsAnError) {
  for (const auto& bad : {std::string("   0: 0100007F"), line("0100007F", "0A"),
                          line("0100007:0016", "0A"), line("0100007F:FFFFF", "0A")}) {
    const auto sockets = parse_proc_net(std::string(kHead) + bad, IPPROTO_TCP, AF_INET);
    ASSERT_FALSE(sockets.has_value()) << bad;
    EXPECT_EQ(sockets.error().message(), "line 2 describes no socket");
  }
}

}  // namespace
}  // namespace assay::agent
