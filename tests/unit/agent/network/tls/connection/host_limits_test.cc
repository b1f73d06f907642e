#include "agent/network/tls/connection/host_limits.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::agent::tls {
namespace {

using std::chrono::milliseconds;

const HostLimits::Time kBegin = HostLimits::Time{} + std::chrono::hours(1);
constexpr double kNoRate = 1e6;

SocketAddress address(const std::string& host, std::uint16_t port) {
  return look_up({{host, port}}, milliseconds(1'000)).front().value().front();
}

TEST(TlsHostLimits, SoManyAreOpenAtATimeWhicheverThePort) {
  HostLimits limits(4, kNoRate, kNoRate);
  std::vector<HostLimits::Place> open;
  for (std::uint16_t port = 1; port <= 20; ++port)
    if (auto place = limits.take(address("192.0.2.1", port), kBegin))
      open.push_back(*std::move(place));
  EXPECT_EQ(open.size(), 4U);
  EXPECT_TRUE(limits.take(address("192.0.2.2", 443), kBegin)) << "another host is another matter";
  EXPECT_TRUE(limits.take(address("2001:db8::1", 443), kBegin));
}

TEST(TlsHostLimits, OneThatIsGoneMakesRoomForOneMore) {
  HostLimits limits(2, kNoRate, kNoRate);
  const auto host = address("192.0.2.1", 443);
  auto first = limits.take(host, kBegin);
  const auto second = limits.take(host, kBegin);
  EXPECT_FALSE(limits.take(host, kBegin).has_value());
  EXPECT_FALSE(limits.has_room(host, 1));
  first.reset();
  EXPECT_TRUE(limits.has_room(host, 1));
  EXPECT_FALSE(limits.has_room(host, 2));
  const auto third = limits.take(host, kBegin);
  EXPECT_TRUE(third.has_value());
  EXPECT_FALSE(limits.take(host, kBegin).has_value());
}

TEST(TlsHostLimits, TheRateIsOfAHostAndCountsDatagrams) {
  HostLimits limits(100, 50, 3);
  EXPECT_TRUE(limits.take(address("192.0.2.1", 25), kBegin));
  EXPECT_TRUE(limits.may_send(address("192.0.2.1", 53), kBegin));
  EXPECT_TRUE(limits.take(address("192.0.2.1", 443), kBegin));
  EXPECT_FALSE(limits.take(address("192.0.2.1", 465), kBegin).has_value());
  EXPECT_FALSE(limits.may_send(address("192.0.2.1", 161), kBegin));
  EXPECT_EQ(limits.next(), kBegin + milliseconds(20));
  EXPECT_TRUE(limits.may_send(address("192.0.2.2", 161), kBegin));
  limits.forget();
  EXPECT_EQ(limits.next(), HostLimits::Time::max());
  EXPECT_TRUE(limits.may_send(address("192.0.2.1", 161), kBegin + milliseconds(20)));
}

TEST(TlsHostLimits, WhatIsRefusedForWantOfRoomTakesNothingOffTheRate) {
  HostLimits limits(1, 1, 2);
  const auto host = address("192.0.2.1", 443);
  auto open = limits.take(host, kBegin);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(limits.take(host, kBegin).has_value());
  EXPECT_EQ(limits.next(), HostLimits::Time::max()) << "no time is worth waiting for";
  open.reset();
  EXPECT_TRUE(limits.take(host, kBegin).has_value());
}

TEST(TlsHostLimits, ThisMachineIsNotBounded) {
  HostLimits limits(1, 1, 1);
  const auto own = address("127.0.0.1", 443);
  std::vector<HostLimits::Place> open;
  for (int i = 0; i < 100; ++i)
    if (auto place = limits.take(own, kBegin)) open.push_back(*std::move(place));
  EXPECT_EQ(open.size(), 100U);
  EXPECT_TRUE(limits.may_send(own, kBegin));
  EXPECT_TRUE(limits.has_room(address("::1", 443), 1'000));
}

}  // namespace
}  // namespace assay::agent::tls
