// Addresses as the socket calls have them.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>

#include "agent/network/sensor/packet/address.h"

namespace assay::agent::sweep {

using sensor::Address;

struct Endpoint {
  sockaddr_in6 room{};  // large enough for both kinds
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&room); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&room); }
};

[[nodiscard]] Endpoint endpoint_of(const Address& address, std::uint16_t port);
struct EndpointFacts {
  Address address;
  std::uint16_t port = 0;
};
[[nodiscard]] EndpointFacts facts_of(const Endpoint& endpoint);

// Who we are, and with whom a socket is connected; nothing when it is not.
[[nodiscard]] std::optional<EndpointFacts> name_of_socket(int socket);
[[nodiscard]] std::optional<EndpointFacts> peer_of_socket(int socket);

// The address of ours that packets to `target` bear; nothing is sent. Nothing: no route.
[[nodiscard]] std::optional<Address> source_towards(const Address& target);

}  // namespace assay::agent::sweep
