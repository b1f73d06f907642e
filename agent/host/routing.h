// The kernel's routes and its neighbours on the link, as it tells them over netlink.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// One way of one route: a route with several ways is several.
struct Route {
  std::uint8_t family = 0;  // AF_INET 2, AF_INET6 10
  std::uint32_t table = 0;  // 254 main, 255 local
  std::uint8_t type = 0;    // RTN_UNICAST 1, RTN_LOCAL 2, …
  std::string destination;  // numeric; "0.0.0.0" or "::" for the default
  std::uint8_t prefix_length = 0;
  std::string gateway;  // empty when there is none
  std::string source;   // preferred; empty when none is set
  std::uint32_t flags = 0;
  std::string interface;
  std::optional<std::uint32_t> mtu;
  std::optional<std::uint32_t> metric;
  std::optional<std::uint32_t> hop_limit;
  std::uint8_t protocol = 0;  // who made it: 2 kernel, 3 boot, 4 static, 9 router advertisement …
  bool operator==(const Route&) const = default;
};

struct Neighbour {
  std::uint8_t family = 0;
  std::string address;
  std::string mac;  // empty while it is not known
  std::string interface;
  std::uint16_t state = 0;  // NUD_PERMANENT 0x80, …
  bool is_router = false;
  bool operator==(const Neighbour&) const = default;
};

// Of all routing tables, IPv4 and IPv6, of this network namespace, in the kernel's order.
[[nodiscard]] Result<std::vector<Route>> dump_routes();
[[nodiscard]] Result<std::vector<Neighbour>> dump_neighbours();

}  // namespace assay::agent
