// Sets of IP addresses of one family.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/probes/linux/firewall/interval_set.h"

namespace assay::agent {

// An address of either family as a number of 128 bits; IPv4 in the lowest 32.
struct AddressNumber {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  AddressNumber& operator++() {
    if (++low == 0) ++high;
    return *this;
  }
  AddressNumber& operator--() {
    if (low-- == 0) --high;
    return *this;
  }
  auto operator<=>(const AddressNumber&) const = default;
};

using AddressSet = IntervalSet<AddressNumber>;

enum class IpFamily : std::uint8_t { kV4 = 4, kV6 = 6 };

struct IpAddress {
  IpFamily family = IpFamily::kV4;
  AddressNumber number;
  bool operator==(const IpAddress&) const = default;
};

// Numeric text ("192.0.2.1", "fe80::1"); nothing for anything else.
[[nodiscard]] std::optional<IpAddress> parse_address(std::string_view text);
[[nodiscard]] std::string to_text(const IpAddress& address);
// From 4 or 16 bytes in network order.
[[nodiscard]] IpAddress address_from_bytes(IpFamily family, std::string_view bytes);

[[nodiscard]] AddressSet all_addresses(IpFamily family);
[[nodiscard]] AddressSet prefix_set(const IpAddress& address, unsigned length);
// Addresses that agree with `address` in the bits of `mask`; nothing when the mask has holes.
[[nodiscard]] std::optional<AddressSet> masked_set(const IpAddress& address, const IpAddress& mask);
// "10.0.0.0/8", "192.0.2.1-192.0.2.9", "any"; several with ", ", at most `max_ranges`, then "…".
[[nodiscard]] std::string to_text(const AddressSet& set, IpFamily family, std::size_t max_ranges);

[[nodiscard]] bool is_loopback(const IpAddress& address);
[[nodiscard]] bool is_multicast(const IpAddress& address);
[[nodiscard]] bool is_any(const IpAddress& address);  // 0.0.0.0 and ::

}  // namespace assay::agent
