// Sets of addresses: what may be swept, and what never.
//
// Ranges never run from IPv4 into IPv6. Pure values; not to be changed by two threads at once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/sensor/packet/address.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

using sensor::Address;

// Both ends belong to it.
struct AddressRange {
  Address first;
  Address last;
  auto operator<=>(const AddressRange&) const = default;
};

// 192.0.2.7, 2001:db8::7, 192.0.2.0/24, 2001:db8::/120, 192.0.2.10-192.0.2.20, 192.0.2.10-20.
// kUsage says what is wrong. A zone (fe80::1%eth0) is none of these: the same address may be
// somebody else's on another link.
[[nodiscard]] Result<AddressRange> range_from(std::string_view text);
// As range_from() reads it: one address, or FIRST-LAST.
[[nodiscard]] std::string to_text(const AddressRange& range);

class AddressSet {
 public:
  AddressSet() = default;

  void add(const AddressRange& range);
  void remove(const AddressRange& range);
  void remove(const AddressSet& other);

  [[nodiscard]] bool has(const Address& address) const;
  // Whether every address of the range is in it.
  [[nodiscard]] bool has(const AddressRange& range) const;
  [[nodiscard]] bool is_empty() const { return ranges_.empty(); }
  // How many, but not more than `most` + 1: an IPv6 network has more than can be counted.
  [[nodiscard]] std::uint64_t count(std::uint64_t most) const;
  // Each in ascending order. Ask count() before.
  void each(const std::function<void(const Address&)>& take) const;

  // Sorted; none touches or overlaps another.
  [[nodiscard]] std::span<const AddressRange> ranges() const { return ranges_; }
  bool operator==(const AddressSet&) const = default;

 private:
  std::vector<AddressRange> ranges_;
};

inline constexpr std::size_t kMaxRanges = 1000;

// Several of what range_from() reads, separated by commas; blanks around them do not matter. kUsage
// also for more than kMaxRanges.
[[nodiscard]] Result<AddressSet> addresses_from(std::string_view text);

}  // namespace assay::agent::sweep
