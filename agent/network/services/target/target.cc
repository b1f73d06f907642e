#include "agent/network/services/target/target.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/audit/target.h"

namespace assay::agent::services {

namespace {

struct Range {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  Transport transport = Transport::kTcp;
};

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// "22", "8000-8010", either with "/udp" or "/tcp".
std::optional<Range> range_from(std::string_view text) {
  Range range;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto transport = text.substr(slash + 1);
    if (transport != "udp" && transport != "tcp") return std::nullopt;
    if (transport == "udp") range.transport = Transport::kUdp;
    text = text.substr(0, slash);
  }
  const auto dash = text.find('-');
  const auto first = port_from(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : port_from(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  range.first = *first;
  range.last = *last;
  return range;
}

Status add_ports(std::string_view text, const std::string& host, std::vector<Endpoint>* out) {
  for (;;) {
    const auto comma = text.find(',');
    const auto range = range_from(text.substr(0, comma));
    if (!range)
      return fail(Code::kUsage, std::string(text.substr(0, std::min<std::size_t>(comma, 40))) +
                                    ": a port is a number from 1 to 65535, or two with a dash "
                                    "between them, and /udp behind where UDP is meant");
    for (std::uint32_t port = range->first; port <= range->last; ++port) {
      if (out->size() == kMaxEndpoints)
        return fail(Code::kTooLarge, "more than " + std::to_string(kMaxEndpoints) + " endpoints");
      out->push_back({host, static_cast<std::uint16_t>(port), range->transport});
    }
    if (comma == std::string_view::npos) return {};
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<std::vector<Endpoint>> endpoints_from(std::string_view text) {
  // The host is told from its ports as the TLS audit tells it; the ports are a list here.
  std::string_view host = text;
  std::string_view ports;
  const auto bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const bool has_ports =
      colon != std::string_view::npos &&
      (bracket != std::string_view::npos || text.find(':', colon + 1) == std::string_view::npos);
  if (has_ports) {
    host = text.substr(0, colon);
    ports = text.substr(colon + 1);
    if (ports.empty()) return fail(Code::kUsage, printable(text) + ": the ports are missing");
  }
  const auto target = tls::target_from(host, {});
  if (!target) return fail(target.error());
  std::vector<Endpoint> out;
  if (!has_ports) {
    for (const auto port : usual_ports()) out.push_back({target->host, port, Transport::kTcp});
    for (const auto& datagram : datagrams())
      out.push_back({target->host, datagram.usual_port, Transport::kUdp});
    return out;
  }
  if (auto added = add_ports(ports, target->host, &out); !added) return fail(added.error());
  std::set<Endpoint> met;
  std::erase_if(out, [&](const Endpoint& endpoint) { return !met.insert(endpoint).second; });
  return out;
}

}  // namespace assay::agent::services
