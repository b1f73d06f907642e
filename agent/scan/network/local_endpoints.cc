#include "agent/scan/network/local_endpoints.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>

namespace assay::agent {

namespace {

constexpr std::int64_t kTcp = 6;
constexpr std::int64_t kUdp = 17;

using Place = std::tuple<std::string, std::uint16_t, bool>;  // address, port, UDP

bool is_wildcard(const std::string& address) {
  return address == "0.0.0.0" || address == "::";
}

// The first that nobody else listens on by name.
std::optional<std::string> loopback_for(const LocalEndpoint& endpoint,
                                        const std::set<Place>& taken) {
  const auto is_taken = [&](const std::string& address) {
    return taken.contains({address, endpoint.port, endpoint.is_udp});
  };
  if (endpoint.host == "::")
    return is_taken("::1") ? std::nullopt : std::optional<std::string>("::1");
  constexpr int kTries = 8;
  for (int last = 1; last <= kTries; ++last)
    if (const auto address = "127.0.0." + std::to_string(last); !is_taken(address)) return address;
  return std::nullopt;
}

bool is_link_local(const std::string& address) {
  return address.starts_with("fe8") || address.starts_with("fe9") || address.starts_with("fea") ||
         address.starts_with("feb");
}

// HP JetDirect's port and those of its further outlets: what a print server gets there comes out on
// paper. Others use the ports as well (Prometheus's node_exporter 9100); these hand them to a
// printer, or to whatever program they start.
bool may_print(std::uint16_t port, const std::string& process) {
  constexpr std::array<std::string_view, 8> kPrinting{"",       "cupsd", "inetd",   "lpd",
                                                      "p910nd", "socat", "systemd", "xinetd"};
  return port >= 9100 && port <= 9107 && std::ranges::find(kPrinting, process) != kPrinting.end();
}

}  // namespace

bool may_ask_by_udp(std::uint16_t port) {
  constexpr std::array<std::uint16_t, 4> kPorts{53, 69, 123, 161};
  return std::ranges::find(kPorts, port) != kPorts.end();
}

std::vector<LocalEndpoint> local_endpoints(const evidence::Table& listening_ports) {
  std::vector<LocalEndpoint> out;
  std::set<Place> seen;
  for (std::size_t row = 0; row < listening_ports.rows().size(); ++row) {
    const auto* port = std::get_if<std::int64_t>(&listening_ports.at(row, "port"));
    const auto* address = std::get_if<std::string>(&listening_ports.at(row, "address"));
    if (port == nullptr || *port < 1 || *port > 65535 || address == nullptr) continue;
    const auto number = static_cast<std::uint16_t>(*port);
    const auto& protocol = listening_ports.at(row, "protocol");
    const bool is_udp = protocol == evidence::Value(kUdp) && may_ask_by_udp(number);
    if (!is_udp && protocol != evidence::Value(kTcp)) continue;
    if (!seen.emplace(*address, number, is_udp).second) continue;
    out.push_back({*address,
                   number,
                   *address,
                   evidence::to_text(listening_ports.at(row, "process")),
                   {},
                   is_udp});
  }
  for (auto& endpoint : out) {
    if (!endpoint.is_udp && may_print(endpoint.port, endpoint.process))
      endpoint.problem =
          "a print server would print the question; name it as a target if it is none";
    if (is_link_local(endpoint.host)) {
      endpoint.problem = "a link-local address is not reached without its interface";
    } else if (is_wildcard(endpoint.host)) {
      const auto loopback = loopback_for(endpoint, seen);
      if (!loopback) endpoint.problem = "another program listens on the address of loopback";
      endpoint.host = loopback.value_or("");
    }
  }
  std::ranges::sort(out, {}, [](const LocalEndpoint& endpoint) {
    return std::tie(endpoint.port, endpoint.listener, endpoint.is_udp);
  });
  return out;
}

}  // namespace assay::agent
