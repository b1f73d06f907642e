#include <gtest/gtest.h>

#include "agent/network/tls/connection/address.h"

namespace assay::agent::tls {
namespace {

using std::chrono::milliseconds;

TEST(LookUpTest, ManyNamesAreLookedUpSideBySideAgainAndAgain) {
  std::vector<Place> places;
  for (std::uint16_t port = 1; port <= 60; ++port)
    places.push_back({port % 3 == 0 ? "127.0.0.1" : "localhost", port});
  for (int round = 0; round < 20; ++round)
    for (const auto& found : look_up(places, milliseconds(30'000))) {
      ASSERT_TRUE(found) << found.error().message();
      ASSERT_FALSE(found->empty());
      EXPECT_TRUE(found->front().is_loopback()) << found->front().text();
    }
}

TEST(LookUpTest, NoNameIsWaitedForPastTheTime) {
  const std::vector<Place> places(100, {"localhost", 443});
  for (const auto& found : look_up(places, milliseconds(0))) {
    if (found) continue;  // it was quick
    EXPECT_EQ(found.error().code(), Code::kTimedOut);
  }
}

TEST(LookUpTest, AnAddressIsNoName) {
  const auto found = look_up({{"192.0.2.1", 443}, {"2001:db8::1", 443}}, milliseconds(0));
  ASSERT_EQ(found.size(), 2U);
  ASSERT_TRUE(found[0] && found[1]);
  EXPECT_EQ(found[0]->front().text(), "192.0.2.1");
  EXPECT_EQ(found[1]->front().text(), "2001:db8::1");
}

}  // namespace
}  // namespace assay::agent::tls
