#include "agent/probes/linux/network/routes.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/network/arp_cache.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(RoutesTest, NamesTablesKindsAndOrigins) {
  MemoryHost host;
  host.all_routes = {{.family = 2,
                      .table = 254,
                      .type = 1,
                      .destination = "0.0.0.0",
                      .gateway = "192.0.2.1",
                      .interface = "eth0",
                      .metric = 100,
                      .protocol = 16},
                     {.family = 10,
                      .table = 1000,
                      .type = 7,
                      .destination = "fd00::",
                      .prefix_length = 8,
                      .interface = "lo",  // the kernel's word for a route of IPv6 that discards
                      .protocol = 4}};
  const auto table = good(collect_routes(host));
  EXPECT_EQ(row(table, 0,
                {"destination", "netmask", "gateway", "interface", "metric", "type", "table_name",
                 "origin"}),
            "0.0.0.0|0|192.0.2.1|eth0|100|gateway|main|dhcp");
  EXPECT_EQ(row(table, 1, {"gateway", "interface", "type", "table_name", "origin", "mtu"}),
            "NULL|NULL|unreachable|1000|static|NULL");
}

TEST(RoutesTest, TheStateOfTheLinkIsNoPropertyOfTheRoute) {
  MemoryHost host;
  host.all_routes = {
      {.family = 2, .table = 254, .type = 1, .destination = "0.0.0.0", .flags = 1U | 4U | 16U}};
  EXPECT_EQ(row(good(collect_routes(host)), 0, {"flags"}), "4");
}

TEST(RoutesTest, AnImageHasNoneAndAFailureIsPassedOn) {
  MemoryHost host;
  FailingHost failing(host);
  failing.fail_routes(Error(Code::kTimedOut, "slow"));
  EXPECT_EQ(collect_routes(failing).error().code(), Code::kTimedOut);
  EXPECT_EQ(collect_arp_cache(failing).error().code(), Code::kTimedOut);
  host.live = false;
  EXPECT_EQ(collect_routes(host).error().code(), Code::kNotSupported);
}

TEST(ArpCacheTest, GroupsAreNoNeighbours) {
  MemoryHost host;
  host.all_neighbours = {
      {.family = 2,
       .address = "192.0.2.1",
       .mac = "52:54:00:12:34:56",
       .interface = "eth0",
       .state = 0x80},
      {.family = 10, .address = "ff02::1", .interface = "eth0", .state = 0x40},
      {.family = 10, .address = "fe80::1", .interface = "eth0", .state = 0x20, .is_router = true}};
  const auto table = good(collect_arp_cache(host));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(row(table, 0, {"mac", "permanent", "state"}), "52:54:00:12:34:56|1|permanent");
  EXPECT_EQ(row(table, 1, {"mac", "permanent", "state", "is_router"}), "NULL|0|failed|1");
}

}  // namespace
}  // namespace assay::agent
