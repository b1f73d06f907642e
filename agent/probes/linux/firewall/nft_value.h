// The values on the right of nftables' comparisons: numbers, addresses, ranges, sets.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/firewall/filter_rule.h"

namespace assay::agent {

// Named sets of one table: name → elements.
using NftSets = std::map<std::string, const nlohmann::json*, std::less<>>;

inline constexpr std::size_t kMaxSetElements = 200'000;

// Each gives nothing when a part of the value is not of its kind.
[[nodiscard]] std::optional<NumberSet> nft_ports(const nlohmann::json& value, const NftSets& sets);
[[nodiscard]] std::optional<NumberSet> nft_protocols(const nlohmann::json& value,
                                                     const NftSets& sets);
[[nodiscard]] std::optional<AddressSet> nft_addresses(const nlohmann::json& value, IpFamily family,
                                                      const NftSets& sets);
[[nodiscard]] std::optional<std::vector<std::string>> nft_words(const nlohmann::json& value,
                                                                const NftSets& sets);

// "@name" as it stands in the rule; empty for anything else.
[[nodiscard]] std::string nft_set_name(const nlohmann::json& value);
// The value without what an element of a set carries with it (time-out, comment).
[[nodiscard]] const nlohmann::json& nft_plain(const nlohmann::json& value);
// The member, or nullptr.
[[nodiscard]] const nlohmann::json* nft_member(const nlohmann::json& value, const char* name);
[[nodiscard]] std::string_view nft_text(const nlohmann::json& value, const char* name);

}  // namespace assay::agent
