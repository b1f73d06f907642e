#include "agent/probes/portable/interface_addresses.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(InterfaceAddressesTest, WhatAnAddressDoesNotHaveIsNull) {
  MemoryHost host;
  host.addresses = {{"eth0", "192.0.2.2", "255.255.255.0", "192.0.2.255", ""},
                    {"tun0", "10.0.0.1", "255.255.255.255", "", "10.0.0.2"}};
  const auto table = good(collect_interface_addresses(host));
  EXPECT_EQ(row(table, 0, {"interface", "address", "mask", "broadcast", "point_to_point", "type"}),
            "eth0|192.0.2.2|255.255.255.0|192.0.2.255|NULL|NULL");
  EXPECT_EQ(row(table, 1, {"interface", "broadcast", "point_to_point"}), "tun0|NULL|10.0.0.2");
}

TEST(InterfaceAddressesTest, AnImageHasNone) {
  MemoryHost host;
  host.live = false;
  EXPECT_EQ(collect_interface_addresses(host).error().code(), Code::kNotSupported);
}

TEST(InterfaceAddressesTest, AFailureOfTheMachineIsPassedOn) {
  MemoryHost inner;
  FailingHost host(inner);
  host.fail_addresses(Error(Code::kTimedOut, "slow"));
  EXPECT_EQ(collect_interface_addresses(host).error().code(), Code::kTimedOut);
}

}  // namespace
}  // namespace assay::agent
