#include "agent/probes/linux/network/routes.h"

#include <linux/rtnetlink.h>

#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

// The words of osquery; more than it has for the rarer kinds.
std::string_view type_name(std::uint8_t type) {
  switch (type) {
    case RTN_UNICAST: return "gateway";
    case RTN_LOCAL: return "local";
    case RTN_BROADCAST: return "broadcast";
    case RTN_ANYCAST: return "anycast";
    case RTN_MULTICAST: return "multicast";
    case RTN_BLACKHOLE: return "blackhole";
    case RTN_UNREACHABLE: return "unreachable";
    case RTN_PROHIBIT: return "prohibit";
    default: return "other";
  }
}

std::string table_name(std::uint32_t table) {
  switch (table) {
    case RT_TABLE_MAIN: return "main";
    case RT_TABLE_LOCAL: return "local";
    case RT_TABLE_DEFAULT: return "default";
    default: return std::to_string(table);
  }
}

// The kernel names the loopback interface with those of IPv6.
evidence::Value way_out(const Route& route) {
  for (const auto type : {RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW})
    if (route.type == type) return evidence::kNull;
  return text_or_null(route.interface);
}

std::string origin_name(std::uint8_t protocol) {
  switch (protocol) {
    case RTPROT_REDIRECT: return "redirect";
    case RTPROT_KERNEL: return "kernel";
    case RTPROT_BOOT: return "boot";
    case RTPROT_STATIC: return "static";
    case RTPROT_RA: return "ra";
    case RTPROT_DHCP: return "dhcp";
    default: return std::to_string(protocol);
  }
}

}  // namespace

Result<evidence::Table> collect_routes(Host& host) {
  const auto routes = host.routes();
  if (!routes) return fail(routes.error());
  evidence::Table table(*evidence::find_table("routes"));
  for (const auto& route : *routes)
    table.add({{"destination", route.destination},
               {"netmask", std::int64_t{route.prefix_length}},
               {"gateway", text_or_null(route.gateway)},
               {"source", text_or_null(route.source)},
               // Whether a link is up just now (the lowest bits) is no property of the route.
               {"flags", std::int64_t{route.flags & ~std::uint32_t{RTNH_F_DEAD | RTNH_F_LINKDOWN}}},
               {"interface", way_out(route)},
               {"mtu", number_or_null(route.mtu)},
               {"metric", number_or_null(route.metric)},
               {"type", std::string(type_name(route.type))},
               {"hopcount", number_or_null(route.hop_limit)},
               {"table_name", table_name(route.table)},
               {"origin", origin_name(route.protocol)}});
  return table;
}

}  // namespace assay::agent
