// An IPv4 or IPv6 address as two words. IPv4 stands as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), so
// that both kinds are compared and hashed alike.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sensor {

struct Address {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const Address&) const = default;
  [[nodiscard]] bool is_v4() const { return high == 0 && low >> 32U == 0xffff; }
};

inline constexpr std::uint64_t kV4Prefix = 0xffff'0000'0000ULL;

// From 4 or 16 bytes in network order; the caller has checked that they are there.
[[nodiscard]] inline Address address_v4(const std::uint8_t* at) {
  return {0, kV4Prefix | be32(at)};
}
[[nodiscard]] inline Address address_v6(const std::uint8_t* at) {
  return {be64(at), be64(at + 8)};
}

// As people write it: 192.0.2.1, 2001:db8::1 (RFC 5952).
[[nodiscard]] std::string to_text(const Address& address);
// Nothing for what is no address; brackets and zones are none.
[[nodiscard]] std::optional<Address> address_from(std::string_view text);

// The first `bits` bits count; IPv4 networks have 96 more than people write.
struct Network {
  Address address;  // without host bits
  unsigned bits = 128;
  auto operator<=>(const Network&) const = default;

  [[nodiscard]] bool has(const Address& other) const;
};

// 192.0.2.0/24, 2001:db8::/32, or an address alone. Host bits are cut off.
[[nodiscard]] std::optional<Network> network_from(std::string_view text);
[[nodiscard]] std::string to_text(const Network& network);
[[nodiscard]] Address masked(const Address& address, unsigned bits);

// An address that one machine on the internet bears: not private, loopback, link-local, multicast
// nor reserved. Documentation networks are public here: tests and guides use them as such.
[[nodiscard]] bool is_public(const Address& address);
[[nodiscard]] bool is_multicast_or_broadcast(const Address& address);

}  // namespace assay::agent::sensor
