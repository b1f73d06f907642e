// Endpoints to recognise, as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent::services {

enum class Transport : std::uint8_t { kTcp, kUdp };

struct Endpoint {
  std::string host;  // a name or an address
  std::uint16_t port = 0;
  Transport transport = Transport::kTcp;
  // On loopback, connections begin at another address of this machine's, where it has one: so a
  // server that trusts loopback more than others says what it says to others. TCP only.
  bool is_as_neighbour = false;
  auto operator<=>(const Endpoint&) const = default;
};

inline constexpr std::size_t kMaxEndpoints = 10'000;

// "192.0.2.1", "mail.example.tw:25,143,8000-8010", "[2001:db8::1]:161/udp", "2001:db8::1": ports in
// their order, each once. Without ports: the usual ones of all protocols. kUsage says what is
// wrong; kTooLarge over kMaxEndpoints.
[[nodiscard]] Result<std::vector<Endpoint>> endpoints_from(std::string_view text);

}  // namespace assay::agent::services
