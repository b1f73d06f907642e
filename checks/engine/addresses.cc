#include "checks/engine/addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace assay::checks {

namespace {

using Bytes = std::array<unsigned char, 16>;
constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// An IPv4 address stands as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2).
struct Address {
  Bytes bytes{};
  bool is_ipv4 = false;
};

// A zone (fe80::1%eth0) is no part of the address.
std::optional<Address> parse(std::string_view text) {
  const std::string plain(text.substr(0, text.find('%')));
  Address address;
  if (inet_pton(AF_INET, plain.c_str(), &address.bytes[12]) == 1) {
    std::ranges::copy(kMapped, address.bytes.begin());
    address.is_ipv4 = true;
    return address;
  }
  if (inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) != 1) return std::nullopt;
  address.is_ipv4 = std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
  return address;
}

std::string_view class_of_ipv4(const unsigned char* a) {
  if (a[0] == 127) return "loopback";
  if (a[0] == 0 && a[1] == 0 && a[2] == 0 && a[3] == 0) return "any";
  if (a[0] == 169 && a[1] == 254) return "link_local";
  if (a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
      (a[0] == 100 && (a[1] & 0xc0) == 64))
    return "private";
  return "public";
}

}  // namespace

std::optional<std::string_view> address_class(std::string_view address) {
  const auto parsed = parse(address);
  if (!parsed) return std::nullopt;
  const auto& a = parsed->bytes;
  if (parsed->is_ipv4) return class_of_ipv4(&a[12]);
  static constexpr Bytes kAny{};
  static constexpr Bytes kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (a == kAny) return "any";
  if (a == kLoopback) return "loopback";
  if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) return "link_local";
  if ((a[0] & 0xfe) == 0xfc) return "private";
  return "public";
}

std::optional<bool> is_in_network(std::string_view address, std::string_view network) {
  const auto slash = network.find('/');
  const auto inside = parse(address);
  const auto around = parse(network.substr(0, slash));
  if (!inside || !around) return std::nullopt;
  const int width = around->is_ipv4 ? 32 : 128;
  int prefix = width;
  if (slash != std::string_view::npos) {
    const auto digits = network.substr(slash + 1);
    const auto* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, prefix);
    if (failure != std::errc() || stop != end || prefix < 0 || prefix > width) return std::nullopt;
  }
  if (inside->is_ipv4 != around->is_ipv4) return false;
  const auto bits = static_cast<std::size_t>(prefix + 128 - width);
  const auto bytes = bits / 8;
  if (!std::equal(inside->bytes.begin(), inside->bytes.begin() + static_cast<std::ptrdiff_t>(bytes),
                  around->bytes.begin()))
    return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<unsigned char>(0xff00U >> (bits % 8));
  return (inside->bytes[bytes] & mask) == (around->bytes[bytes] & mask);
}

}  // namespace assay::checks
