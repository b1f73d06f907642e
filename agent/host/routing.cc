#include "agent/host/routing.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <array>
#include <cstring>

#include "agent/host/netlink_dump.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxEntries = 100'000;
constexpr std::string_view kAskingRoutes = "asking the kernel for its routes";
constexpr std::string_view kAskingNeighbours = "asking the kernel for its neighbours";

using Attributes = std::vector<NetlinkAttribute>;

template <typename Header>
Result<std::vector<NetlinkMessage>> dump(std::uint16_t type, std::uint8_t family,
                                         std::string_view asking) {
  Header header{};
  std::memcpy(&header, &family, 1);  // every header of this protocol begins with the family
  std::string body(sizeof header, '\0');
  std::memcpy(body.data(), &header, sizeof header);
  return netlink_dump(NETLINK_ROUTE, type, body, kMaxEntries, asking);
}

std::optional<std::uint32_t> number(std::string_view data) {
  std::uint32_t value = 0;
  if (data.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, data.data(), sizeof value);
  return value;
}

std::string address(int family, std::string_view data) {
  const std::size_t length = family == AF_INET ? 4 : 16;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (data.size() < length) return {};
  if (::inet_ntop(family, data.data(), text.data(), text.size()) == nullptr) return {};
  return text.data();
}

std::string interface_name(std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  if (index == 0 || ::if_indextoname(index, name.data()) == nullptr) return {};
  return name.data();
}

// A gateway of another family than the route's (IPv4 over IPv6).
std::string via(std::string_view data) {
  std::uint16_t family = 0;
  if (data.size() < sizeof family) return {};
  std::memcpy(&family, data.data(), sizeof family);
  return address(family, data.substr(sizeof family));
}

std::string gateway(int family, const Attributes& attributes) {
  auto direct = address(family, netlink_attribute(attributes, RTA_GATEWAY));
  return direct.empty() ? via(netlink_attribute(attributes, RTA_VIA)) : direct;
}

Route to_route(const ::rtmsg& header, const Attributes& attributes) {
  Route route{.family = header.rtm_family,
              .table = header.rtm_table,
              .type = header.rtm_type,
              .destination = address(header.rtm_family, netlink_attribute(attributes, RTA_DST)),
              .prefix_length = header.rtm_dst_len,
              .gateway = gateway(header.rtm_family, attributes),
              .source = address(header.rtm_family, netlink_attribute(attributes, RTA_PREFSRC)),
              .flags = header.rtm_flags,
              .metric = number(netlink_attribute(attributes, RTA_PRIORITY)),
              .protocol = header.rtm_protocol};
  if (const auto table = number(netlink_attribute(attributes, RTA_TABLE))) route.table = *table;
  if (route.destination.empty())
    route.destination = header.rtm_family == AF_INET ? "0.0.0.0" : "::";
  if (const auto index = number(netlink_attribute(attributes, RTA_OIF)))
    route.interface = interface_name(*index);
  const auto metrics = netlink_attributes(netlink_attribute(attributes, RTA_METRICS));
  route.mtu = number(netlink_attribute(metrics, RTAX_MTU));
  route.hop_limit = number(netlink_attribute(metrics, RTAX_HOPLIMIT));
  return route;
}

// The route once for each of its next hops.
void add_ways(const Route& route, std::string_view hops, std::vector<Route>& routes) {
  while (hops.size() >= sizeof(::rtnexthop)) {
    ::rtnexthop hop;
    std::memcpy(&hop, hops.data(), sizeof hop);
    if (hop.rtnh_len < sizeof hop || hop.rtnh_len > hops.size()) return;
    auto way = route;
    way.interface = interface_name(static_cast<std::uint32_t>(hop.rtnh_ifindex));
    way.gateway = gateway(route.family,
                          netlink_attributes(hops.substr(sizeof hop, hop.rtnh_len - sizeof hop)));
    routes.push_back(std::move(way));
    hops.remove_prefix(std::min<std::size_t>(RTNH_ALIGN(hop.rtnh_len), hops.size()));
  }
}

std::string mac_text(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (!text.empty()) text += ':';
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

}  // namespace

Result<std::vector<Route>> dump_routes() {
  std::vector<Route> routes;
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    const auto messages = dump<::rtmsg>(RTM_GETROUTE, family, kAskingRoutes);
    // A kernel without IPv6 answers as one that knows no such family.
    if (!messages && family == AF_INET6 && messages.error().code() == Code::kNotSupported) continue;
    if (!messages) return fail(messages.error());
    for (const auto& message : *messages) {
      ::rtmsg header;
      if (message.type != RTM_NEWROUTE || message.body.size() < sizeof header) continue;
      std::memcpy(&header, message.body.data(), sizeof header);
      // A kernel without IPv6 answers with all families that it has.
      if (header.rtm_family != family || (header.rtm_flags & RTM_F_CLONED) != 0) continue;
      const auto attributes =
          netlink_attributes(std::string_view(message.body).substr(NLMSG_ALIGN(sizeof header)));
      const auto route = to_route(header, attributes);
      const auto hops = netlink_attribute(attributes, RTA_MULTIPATH);
      if (hops.empty())
        routes.push_back(route);
      else
        add_ways(route, hops, routes);
    }
  }
  return routes;
}

Result<std::vector<Neighbour>> dump_neighbours() {
  std::vector<Neighbour> neighbours;
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    const auto messages = dump<::ndmsg>(RTM_GETNEIGH, family, kAskingNeighbours);
    if (!messages && family == AF_INET6 && messages.error().code() == Code::kNotSupported) continue;
    if (!messages) return fail(messages.error());
    for (const auto& message : *messages) {
      ::ndmsg header;
      if (message.type != RTM_NEWNEIGH || message.body.size() < sizeof header) continue;
      std::memcpy(&header, message.body.data(), sizeof header);
      if (header.ndm_family != family) continue;
      const auto attributes =
          netlink_attributes(std::string_view(message.body).substr(NLMSG_ALIGN(sizeof header)));
      neighbours.push_back(
          {.family = family,
           .address = address(family, netlink_attribute(attributes, NDA_DST)),
           .mac = mac_text(netlink_attribute(attributes, NDA_LLADDR)),
           .interface = interface_name(static_cast<std::uint32_t>(header.ndm_ifindex)),
           .state = header.ndm_state,
           .is_router = (header.ndm_flags & NTF_ROUTER) != 0});
    }
  }
  return neighbours;
}

}  // namespace assay::agent
