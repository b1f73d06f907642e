#include "agent/network/sweep/plan/address_set.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace assay::agent::sweep {

namespace {

Address after(const Address& address) {
  return {address.high + (address.low == ~0ULL ? 1 : 0), address.low + 1};
}

Address before(const Address& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

bool is_first_of_all(const Address& address) {
  return address.high == 0 && address.low == 0;
}

bool is_last_of_all(const Address& address) {
  return address.high == ~0ULL && address.low == ~0ULL;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(' '), text.size());
  const auto end = text.find_last_not_of(' ');
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

// The end of a range: an address, or the last number of an IPv4 address.
std::optional<Address> end_from(std::string_view text, const Address& first) {
  if (const auto address = sensor::address_from(text)) return address;
  if (!first.is_v4() || text.empty() || text.size() > 3) return std::nullopt;
  unsigned number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number > 255)
    return std::nullopt;
  return Address{first.high, (first.low & ~0xffULL) | number};
}

AddressRange range_of(const sensor::Network& network) {
  const auto& [address, bits] = network;
  if (bits >= 128) return {address, address};
  if (bits >= 64)
    return {address, {address.high, address.low | (bits == 64 ? ~0ULL : ~0ULL >> (bits - 64))}};
  return {address, {address.high | (bits == 0 ? ~0ULL : ~0ULL >> bits), ~0ULL}};
}

// IPv4 lies in the middle of ::/0 (::ffff:0:0/96): a range may not begin or end on the other side.
bool is_of_one_kind(const AddressRange& range) {
  const Address v4_first{0, sensor::kV4Prefix};
  const Address v4_last{0, sensor::kV4Prefix | 0xffff'ffffULL};
  return range.first.is_v4() ? range.last.is_v4() : range.last < v4_first || range.first > v4_last;
}

}  // namespace

Result<AddressRange> range_from(std::string_view text) {
  const auto wrong = [&](const char* what) {
    return fail(Code::kUsage, "\"" + std::string(text.substr(0, 100)) + "\": " + what);
  };
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    const auto network = sensor::network_from(text);
    if (!network)
      return wrong("neither an address nor a network (192.0.2.0/24) nor a range (FIRST-LAST)");
    const auto range = range_of(*network);
    if (!is_of_one_kind(range)) return wrong("this network holds all of IPv4");
    return range;
  }
  const auto first = sensor::address_from(text.substr(0, dash));
  if (!first) return wrong("the range does not begin with an address");
  const auto last = end_from(text.substr(dash + 1), *first);
  if (!last) return wrong("the range does not end with an address");
  if (*last < *first) return wrong("the range ends before it begins");
  const AddressRange range{*first, *last};
  if (!is_of_one_kind(range)) return wrong("the range runs from one kind of address into another");
  return range;
}

std::string to_text(const AddressRange& range) {
  const auto first = sensor::to_text(range.first);
  return range.first == range.last ? first : first + "-" + sensor::to_text(range.last);
}

void AddressSet::add(const AddressRange& range) {
  auto made = range;
  std::erase_if(ranges_, [&made](const AddressRange& one) {
    const bool is_before = !is_last_of_all(one.last) && after(one.last) < made.first;
    const bool is_behind = !is_last_of_all(made.last) && after(made.last) < one.first;
    if (is_before || is_behind) return false;
    // It touches: but IPv4 and the IPv6 beside it stay two.
    if (one.first.is_v4() != made.first.is_v4()) return false;
    made = {std::min(one.first, made.first), std::max(one.last, made.last)};
    return true;
  });
  ranges_.insert(std::ranges::lower_bound(ranges_, made), made);
}

void AddressSet::remove(const AddressRange& range) {
  std::vector<AddressRange> left;
  for (const auto& one : ranges_) {
    if (one.last < range.first || range.last < one.first) {
      left.push_back(one);
      continue;
    }
    if (one.first < range.first && !is_first_of_all(range.first))
      left.push_back({one.first, before(range.first)});
    if (range.last < one.last) left.push_back({after(range.last), one.last});
  }
  ranges_ = std::move(left);
}

void AddressSet::remove(const AddressSet& other) {
  for (const auto& range : other.ranges_) remove(range);
}

bool AddressSet::has(const Address& address) const {
  return has(AddressRange{address, address});
}

bool AddressSet::has(const AddressRange& range) const {
  return std::ranges::any_of(ranges_, [&](const AddressRange& one) {
    return one.first <= range.first && range.last <= one.last;
  });
}

std::uint64_t AddressSet::count(std::uint64_t most) const {
  std::uint64_t all = 0;
  for (const auto& range : ranges_) {
    if (range.last.high != range.first.high) return most + 1;
    const auto more = range.last.low - range.first.low;
    if (more >= most || all + more + 1 > most) return most + 1;
    all += more + 1;
  }
  return all;
}

void AddressSet::each(const std::function<void(const Address&)>& take) const {
  for (const auto& range : ranges_)
    for (auto at = range.first;; at = after(at)) {
      take(at);
      if (at == range.last) break;
    }
}

Result<AddressSet> addresses_from(std::string_view text) {
  AddressSet all;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto range = range_from(trimmed(text.substr(0, comma)));
    if (!range) return fail(range.error());
    all.add(*range);
    if (all.ranges().size() > kMaxRanges)
      return fail(Code::kUsage,
                  "more than " + std::to_string(kMaxRanges) + " addresses and ranges");
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return all;
}

}  // namespace assay::agent::sweep
