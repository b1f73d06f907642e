#include "agent/network/tls/connection/waiting_endpoints.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace assay::agent::tls {
namespace {

SocketAddress address(const std::string& host) {
  return look_up({{host, 443}}, std::chrono::milliseconds(1'000)).front().value().front();
}

// Two hosts, of which the first has the places 0, 1 and 3.
WaitingEndpoints two_hosts() {
  WaitingEndpoints waiting;
  for (const auto place : {0U, 1U}) waiting.add(address("192.0.2.1"), place);
  waiting.add(address("192.0.2.2"), 2);
  waiting.add(address("192.0.2.1"), 3);
  return waiting;
}

TEST(TlsWaitingEndpoints, AHostThatIsFullHoldsNoOtherUp) {
  auto waiting = two_hosts();
  std::vector<std::size_t> begun;
  std::map<std::string, int> open;
  const auto has_room = [&](const SocketAddress& host) { return open[host.text()] < 1; };
  const auto begins = [&](std::size_t place) {
    begun.push_back(place);
    ++open[place == 2 ? "192.0.2.2" : "192.0.2.1"];
    return true;
  };
  waiting.begin(has_room, begins);
  EXPECT_EQ(begun, (std::vector<std::size_t>{0, 2}));
  open.clear();
  waiting.begin(has_room, begins);
  EXPECT_EQ(begun, (std::vector<std::size_t>{0, 2, 1}));
  EXPECT_FALSE(waiting.is_empty());
}

TEST(TlsWaitingEndpoints, OneThatMustWaitIsAskedForAgain) {
  auto waiting = two_hosts();
  bool may_begin_first = false;
  std::vector<std::size_t> begun;
  const auto has_room = [](const SocketAddress&) { return true; };
  const auto begins = [&](std::size_t place) {
    if (place == 0 && !may_begin_first) return false;
    begun.push_back(place);
    return true;
  };
  waiting.begin(has_room, begins);
  EXPECT_EQ(begun, (std::vector<std::size_t>{1, 3, 2}));
  EXPECT_FALSE(waiting.is_empty());
  may_begin_first = true;
  waiting.begin(has_room, begins);
  EXPECT_EQ(begun.back(), 0U);
  EXPECT_TRUE(waiting.is_empty());
}

}  // namespace
}  // namespace assay::agent::tls
