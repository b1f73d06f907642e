#include "agent/network/sensor/packet/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace assay::agent::sensor {
namespace {

constexpr unsigned kV4Offset = 96;

Network v4(std::uint32_t address, unsigned bits) {
  return {{0, kV4Prefix | address}, kV4Offset + bits};
}

// IANA special-purpose registries (RFC 6890 and later), those that no machine of others bears.
const std::array<Network, 18>& special_networks() {
  static const std::array<Network, 18> kNetworks = {
      v4(0x00000000, 8),                            // 0.0.0.0/8
      v4(0x0a000000, 8),                            // 10.0.0.0/8
      v4(0x64400000, 10),                           // 100.64.0.0/10, shared by carriers
      v4(0x7f000000, 8),                            // 127.0.0.0/8
      v4(0xa9fe0000, 16),                           // 169.254.0.0/16
      v4(0xac100000, 12),                           // 172.16.0.0/12
      v4(0xc0000000, 24),                           // 192.0.0.0/24
      v4(0xc0a80000, 16),                           // 192.168.0.0/16
      v4(0xc6120000, 15),                           // 198.18.0.0/15, measurements
      v4(0xe0000000, 4),                            // multicast
      v4(0xf0000000, 4),                            // reserved, and 255.255.255.255
      Network{{0, 0}, 128},                         // ::
      Network{{0, 1}, 128},                         // ::1
      Network{{0xfc00'0000'0000'0000ULL, 0}, 7},    // fc00::/7
      Network{{0xfe80'0000'0000'0000ULL, 0}, 10},   // fe80::/10
      Network{{0xff00'0000'0000'0000ULL, 0}, 8},    // multicast
      Network{{0x0100'0000'0000'0000ULL, 0}, 64},   // discarded
      Network{{0xfec0'0000'0000'0000ULL, 0}, 10}};  // site-local, given up
  return kNetworks;
}

}  // namespace

std::string to_text(const Address& address) {
  std::array<std::uint8_t, 16> bytes{};
  for (unsigned at = 0; at < 8; ++at) {
    bytes[at] = static_cast<std::uint8_t>(address.high >> (56 - at * 8));
    bytes[at + 8] = static_cast<std::uint8_t>(address.low >> (56 - at * 8));
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_v4 = address.is_v4();
  ::inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? &bytes[12] : bytes.data(), text.data(),
              text.size());
  return text.data();
}

std::optional<Address> address_from(std::string_view text) {
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string copy(text);
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return address_v4(bytes.data());
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return address_v6(bytes.data());
  return std::nullopt;
}

Address masked(const Address& address, unsigned bits) {
  if (bits >= 128) return address;
  if (bits >= 64) return {address.high, bits == 64 ? 0 : address.low & (~0ULL << (128 - bits))};
  return {bits == 0 ? 0 : address.high & (~0ULL << (64 - bits)), 0};
}

bool Network::has(const Address& other) const {
  return masked(other, bits) == address;
}

std::optional<Network> network_from(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = address_from(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Network{*address, 128};
  const auto digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  const bool is_v4 = text.find(':') == std::string_view::npos;
  if (bits > (is_v4 ? 32U : 128U)) return std::nullopt;
  if (is_v4) bits += kV4Offset;
  return Network{masked(*address, bits), bits};
}

std::string to_text(const Network& network) {
  const bool is_v4 = network.bits >= kV4Offset && network.address.is_v4();
  return to_text(network.address) + "/" +
         std::to_string(is_v4 ? network.bits - kV4Offset : network.bits);
}

bool is_public(const Address& address) {
  return std::ranges::none_of(special_networks(),
                              [&](const Network& network) { return network.has(address); });
}

bool is_multicast_or_broadcast(const Address& address) {
  if (!address.is_v4()) return address.high >> 56U == 0xff;
  const auto word = static_cast<std::uint32_t>(address.low);
  return word >> 28U == 0xe || word == 0xffffffff;
}

}  // namespace assay::agent::sensor
