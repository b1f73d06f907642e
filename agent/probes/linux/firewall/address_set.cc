#include "agent/probes/linux/firewall/address_set.h"

#include <arpa/inet.h>

#include <array>
#include <bit>

namespace assay::agent {
namespace {

constexpr AddressNumber kLastV4{0, 0xffff'ffffU};
constexpr AddressNumber kLastV6{~std::uint64_t{0}, ~std::uint64_t{0}};

unsigned bits_of(IpFamily family) {
  return family == IpFamily::kV4 ? 32 : 128;
}

// The lowest `count` bits set.
AddressNumber low_bits(unsigned count) {
  if (count >= 128) return kLastV6;
  if (count >= 64) return {(std::uint64_t{1} << (count - 64)) - 1, ~std::uint64_t{0}};
  return {0, (std::uint64_t{1} << count) - 1};
}

AddressNumber with(const AddressNumber& a, const AddressNumber& b) {
  return {a.high | b.high, a.low | b.low};
}
AddressNumber without(const AddressNumber& a, const AddressNumber& b) {
  return {a.high & ~b.high, a.low & ~b.low};
}

// The length of the prefix that the range is; nothing when it is none.
std::optional<unsigned> prefix_length(const AddressSet::Range& range, IpFamily family) {
  for (unsigned length = bits_of(family) + 1; length-- > 0;) {
    const auto host = low_bits(bits_of(family) - length);
    if (without(range.first, host) != range.first) return std::nullopt;
    if (with(range.first, host) == range.last) return length;
  }
  return std::nullopt;
}

std::string range_text(const AddressSet::Range& range, IpFamily family) {
  const auto first = to_text(IpAddress{family, range.first});
  if (range.first == range.last) return first;
  if (const auto length = prefix_length(range, family))
    return first + '/' + std::to_string(*length);
  return first + '-' + to_text(IpAddress{family, range.last});
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> zero_ended{};
  if (text.size() >= zero_ended.size()) return std::nullopt;
  std::ranges::copy(text, zero_ended.begin());
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET, zero_ended.data(), bytes.data()) == 1)
    return address_from_bytes(IpFamily::kV4, {bytes.data(), 4});
  if (::inet_pton(AF_INET6, zero_ended.data(), bytes.data()) == 1)
    return address_from_bytes(IpFamily::kV6, {bytes.data(), 16});
  return std::nullopt;
}

IpAddress address_from_bytes(IpFamily family, std::string_view bytes) {
  AddressNumber number;
  for (const char byte : bytes.substr(0, bits_of(family) / 8)) {
    number.high = number.high << 8U | number.low >> 56U;
    number.low = number.low << 8U | static_cast<unsigned char>(byte);
  }
  return {family, number};
}

std::string to_text(const IpAddress& address) {
  std::array<unsigned char, 16> bytes{};
  const std::size_t length = bits_of(address.family) / 8;
  auto number = address.number;
  for (std::size_t i = length; i-- > 0;) {
    bytes[i] = static_cast<unsigned char>(number.low & 0xffU);
    number.low = number.low >> 8U | number.high << 56U;
    number.high >>= 8U;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.family == IpFamily::kV4 ? AF_INET : AF_INET6;
  return ::inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr ? "" : text.data();
}

AddressSet all_addresses(IpFamily family) {
  return {{}, family == IpFamily::kV4 ? kLastV4 : kLastV6};
}

AddressSet prefix_set(const IpAddress& address, unsigned length) {
  const auto host = low_bits(bits_of(address.family) - std::min(length, bits_of(address.family)));
  return {without(address.number, host), with(address.number, host)};
}

std::optional<AddressSet> masked_set(const IpAddress& address, const IpAddress& mask) {
  const auto ones =
      static_cast<unsigned>(std::popcount(mask.number.high) + std::popcount(mask.number.low));
  const auto host = low_bits(bits_of(mask.family) - std::min(ones, bits_of(mask.family)));
  const auto all = all_addresses(mask.family).ranges().front().last;
  if (without(all, host) != mask.number) return std::nullopt;
  return prefix_set(address, ones);
}

std::string to_text(const AddressSet& set, IpFamily family, std::size_t max_ranges) {
  if (set == all_addresses(family)) return "any";
  std::string text;
  std::size_t count = 0;
  for (const auto& range : set.ranges()) {
    if (!text.empty()) text += ", ";
    if (count++ == max_ranges) return text + "…";
    text += range_text(range, family);
  }
  return text;
}

bool is_loopback(const IpAddress& address) {
  if (address.family == IpFamily::kV4) return address.number.low >> 24U == 127;
  // ::1, and 127/8 written as an IPv6 address
  return address.number == AddressNumber{0, 1} ||
         (address.number.high == 0 && address.number.low >> 24U == 0xffff'7fU);
}

bool is_multicast(const IpAddress& address) {
  return address.family == IpFamily::kV4 ? address.number.low >> 28U == 0xeU
                                         : address.number.high >> 56U == 0xffU;
}

bool is_any(const IpAddress& address) {
  return address.number == AddressNumber{};
}

}  // namespace assay::agent
