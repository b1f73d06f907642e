#include "agent/network/services/protocols/registry.h"

#include <algorithm>
#include <array>
#include <vector>

namespace assay::agent::services {

namespace {

constexpr std::array<std::uint16_t, 5> kHttpPorts{80, 443, 2375, 8080, 9200};
constexpr std::array<std::uint16_t, 2> kFtpPorts{21, 990};
constexpr std::array<std::uint16_t, 1> kSshPorts{22};
constexpr std::array<std::uint16_t, 2> kTelnetPorts{23, 992};

constexpr std::array kProtocols{
    Protocol{"http", Begins::kClient, kHttpPorts, make_http},
    Protocol{"ssh", Begins::kServer, kSshPorts, make_ssh},
    Protocol{"ftp", Begins::kServer, kFtpPorts, make_ftp},
    Protocol{"telnet", Begins::kServer, kTelnetPorts, make_telnet},
};

}  // namespace

std::span<const Protocol> protocols() {
  return kProtocols;
}

std::span<const Datagram> datagrams() {
  return {};
}

std::span<const std::uint16_t> usual_ports() {
  static const auto kPorts = [] {
    std::vector<std::uint16_t> ports;
    for (const auto& protocol : kProtocols)
      ports.insert(ports.end(), protocol.usual_ports.begin(), protocol.usual_ports.end());
    std::ranges::sort(ports);
    const auto rest = std::ranges::unique(ports);
    ports.erase(rest.begin(), rest.end());
    return ports;
  }();
  return kPorts;
}

}  // namespace assay::agent::services
