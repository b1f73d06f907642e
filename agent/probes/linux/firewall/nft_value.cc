#include "agent/probes/linux/firewall/nft_value.h"

#include <netinet/in.h>

namespace assay::agent {
namespace {

using Json = nlohmann::json;

// Shows `take` each element of `value`, which may be a named set, a set in place, or one value.
// False as soon as `take` gives false.
template <typename Take>
bool each_element(const Json& value, const NftSets& sets, Take take) {
  const Json* elements = nft_member(value, "set");
  if (elements == nullptr && !nft_set_name(value).empty()) {
    const auto named = sets.find(std::string_view(nft_set_name(value)).substr(1));
    if (named == sets.end()) return false;
    if (named->second == nullptr) return true;  // declared and empty
    elements = named->second;
  }
  if (elements == nullptr) return take(nft_plain(value));
  if (!elements->is_array()) return take(nft_plain(*elements));
  if (elements->size() > kMaxSetElements) return false;
  return std::ranges::all_of(*elements, [&](const Json& one) { return take(nft_plain(one)); });
}

std::optional<std::uint32_t> number(const Json& value, std::uint32_t last) {
  if (!value.is_number_unsigned()) return std::nullopt;
  const auto large = value.get<std::uint64_t>();
  if (large > last) return std::nullopt;
  return static_cast<std::uint32_t>(large);
}

std::optional<std::uint32_t> protocol(const Json& value) {
  static const std::map<std::string, std::uint32_t, std::less<>> kNames = {
      {"icmp", IPPROTO_ICMP},
      {"igmp", IPPROTO_IGMP},
      {"tcp", IPPROTO_TCP},
      {"udp", IPPROTO_UDP},
      {"dccp", IPPROTO_DCCP},
      {"gre", IPPROTO_GRE},
      {"esp", IPPROTO_ESP},
      {"ah", IPPROTO_AH},
      {"icmpv6", IPPROTO_ICMPV6},
      {"sctp", IPPROTO_SCTP},
      {"ipv6-icmp", IPPROTO_ICMPV6},
      {"udplite", IPPROTO_UDPLITE},
      {"comp", IPPROTO_COMP},
      {"ipip", IPPROTO_IPIP},
      {"vrrp", 112},
      {"ospf", 89}};
  if (value.is_string()) {
    const auto found = kNames.find(value.get_ref<const std::string&>());
    if (found == kNames.end()) return std::nullopt;
    return found->second;
  }
  return number(value, kLastProtocol);
}

template <typename One>
std::optional<NumberSet> numbers(const Json& value, const NftSets& sets, One one) {
  std::vector<NumberSet::Range> ranges;
  const bool is_whole = each_element(value, sets, [&](const Json& element) {
    const Json* range = nft_member(element, "range");
    const bool is_range = range != nullptr && range->is_array() && range->size() == 2;
    const auto first = one(is_range ? (*range)[0] : element);
    const auto last = is_range ? one((*range)[1]) : first;
    if (!first || !last) return false;
    ranges.push_back({*first, *last});
    return true;
  });
  if (!is_whole) return std::nullopt;
  return NumberSet::of(std::move(ranges));
}

std::optional<IpAddress> address(const Json& value, IpFamily family) {
  if (!value.is_string()) return std::nullopt;
  const auto parsed = parse_address(value.get_ref<const std::string&>());
  if (!parsed || parsed->family != family) return std::nullopt;
  return parsed;
}

std::optional<AddressSet> address_range(const Json& element, IpFamily family) {
  if (const Json* prefix = nft_member(element, "prefix")) {
    const Json* base = nft_member(*prefix, "addr");
    const Json* length = nft_member(*prefix, "len");
    if (base == nullptr || length == nullptr) return std::nullopt;
    const auto start = address(*base, family);
    const auto bits = number(*length, family == IpFamily::kV4 ? 32 : 128);
    if (!start || !bits) return std::nullopt;
    return prefix_set(*start, *bits);
  }
  const Json* range = nft_member(element, "range");
  const bool is_range = range != nullptr && range->is_array() && range->size() == 2;
  const auto first = address(is_range ? (*range)[0] : element, family);
  const auto last = is_range ? address((*range)[1], family) : first;
  if (!first || !last) return std::nullopt;
  return AddressSet(first->number, last->number);
}

}  // namespace

const Json* nft_member(const Json& value, const char* name) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(name);
  return found == value.end() ? nullptr : &*found;
}

std::string_view nft_text(const Json& value, const char* name) {
  const Json* member = nft_member(value, name);
  if (member == nullptr || !member->is_string()) return {};
  return member->get_ref<const std::string&>();
}

std::string nft_set_name(const Json& value) {
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  return text.starts_with('@') ? text : std::string();
}

const Json& nft_plain(const Json& value) {
  const Json* element = nft_member(value, "elem");
  const Json* plain = element == nullptr ? nullptr : nft_member(*element, "val");
  return plain == nullptr ? value : *plain;
}

std::optional<NumberSet> nft_ports(const Json& value, const NftSets& sets) {
  return numbers(value, sets, [](const Json& one) { return number(one, kLastPort); });
}

std::optional<NumberSet> nft_protocols(const Json& value, const NftSets& sets) {
  return numbers(value, sets, [](const Json& one) { return protocol(one); });
}

std::optional<AddressSet> nft_addresses(const Json& value, IpFamily family, const NftSets& sets) {
  std::vector<AddressSet::Range> ranges;
  const bool is_whole = each_element(value, sets, [&](const Json& element) {
    const auto range = address_range(element, family);
    if (!range) return false;
    ranges.insert(ranges.end(), range->ranges().begin(), range->ranges().end());
    return true;
  });
  if (!is_whole) return std::nullopt;
  return AddressSet::of(std::move(ranges));
}

std::optional<std::vector<std::string>> nft_words(const Json& value, const NftSets& sets) {
  std::vector<std::string> words;
  const auto take = [&](const Json& one) {
    if (!one.is_string()) return false;
    words.push_back(one.get<std::string>());
    return true;
  };
  const bool is_whole =
      value.is_array() ? std::ranges::all_of(value, take) : each_element(value, sets, take);
  if (!is_whole) return std::nullopt;
  return words;
}

}  // namespace assay::agent
