// Where an endpoint is: a name's addresses, and what is told of them.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "evidence/result.h"

namespace assay::agent::tls {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] std::string text() const;  // "192.0.2.1", "2001:db8::1", without the port
  [[nodiscard]] bool is_loopback() const;
  // Whatever the port.
  [[nodiscard]] bool is_same_host_as(const SocketAddress& other) const;
};

struct Place {
  std::string host;  // a name or an address
  std::uint16_t port = 0;
};
using Addresses = std::vector<SocketAddress>;

// The addresses of each place, in the resolver's order, at most eight; names are looked up side by
// side, and none is waited for past `time_limit`. kNotFound: it has none; kTimedOut; kUnavailable:
// no resolver answers.
[[nodiscard]] std::vector<Result<Addresses>> look_up(const std::vector<Place>& places,
                                                     std::chrono::milliseconds time_limit);

// Of this machine, by which others can reach it: of each family one at most, the first that an
// interface has.
[[nodiscard]] Addresses own_addresses();

// Whether `host` is an address and not a name.
[[nodiscard]] bool is_address(const std::string& host);

}  // namespace assay::agent::tls
