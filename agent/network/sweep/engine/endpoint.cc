#include "agent/network/sweep/engine/endpoint.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <bit>
#include <cstring>

#include "agent/host/file_descriptor.h"

namespace assay::agent::sweep {

namespace {

std::uint64_t turned(std::uint64_t value) {
  return __builtin_bswap64(value);
}

std::optional<EndpointFacts> asked(int socket, decltype(&::getsockname) ask) {
  Endpoint endpoint;
  endpoint.size = sizeof endpoint.room;
  if (ask(socket, endpoint.get(), &endpoint.size) != 0) return std::nullopt;
  return facts_of(endpoint);
}

}  // namespace

Endpoint endpoint_of(const Address& address, std::uint16_t port) {
  Endpoint made;
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(static_cast<std::uint32_t>(address.low));
    made.size = sizeof v4;
    std::memcpy(&made.room, &v4, sizeof v4);
    return made;
  }
  made.room.sin6_family = AF_INET6;
  made.room.sin6_port = htons(port);
  const std::uint64_t words[2] = {turned(address.high), turned(address.low)};
  std::memcpy(&made.room.sin6_addr, words, sizeof words);
  made.size = sizeof made.room;
  return made;
}

EndpointFacts facts_of(const Endpoint& endpoint) {
  if (endpoint.room.sin6_family == AF_INET6) {
    const auto* bytes = endpoint.room.sin6_addr.s6_addr;
    return {sensor::address_v6(bytes), ntohs(endpoint.room.sin6_port)};
  }
  sockaddr_in v4{};
  std::memcpy(&v4, &endpoint.room, sizeof v4);
  return {{0, sensor::kV4Prefix | ntohl(v4.sin_addr.s_addr)}, ntohs(v4.sin_port)};
}

std::optional<EndpointFacts> name_of_socket(int socket) {
  return asked(socket, &::getsockname);
}

std::optional<EndpointFacts> peer_of_socket(int socket) {
  return asked(socket, &::getpeername);
}

std::optional<Address> source_towards(const Address& target) {
  constexpr std::uint16_t kAnyPort = 9;  // discard; connecting a datagram socket sends nothing
  const FileDescriptor socket(
      ::socket(target.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto endpoint = endpoint_of(target, kAnyPort);
  if (!socket.is_open() || ::connect(socket.number(), endpoint.get(), endpoint.size) != 0)
    return std::nullopt;
  const auto name = name_of_socket(socket.number());
  if (!name) return std::nullopt;
  return name->address;
}

}  // namespace assay::agent::sweep
