// The kernel's packet filters as the kernel gives them out, not yet understood.
//
// Nothing here loads a kernel module: what is not in the kernel is not asked for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// An extension of iptables inside a rule of nftables ("compat"), which libnftables names and
// does not explain. `data` is the extension's own structure, as in iptables' own tables.
struct NftExtension {
  bool is_target = false;
  std::string name;
  std::uint32_t revision = 0;
  std::string data;
  bool operator==(const NftExtension&) const = default;
};

struct NftRuleExtensions {
  std::uint8_t family = 0;  // NFPROTO_IPV4 2, NFPROTO_INET 1, …
  std::string table;
  std::string chain;
  std::uint64_t handle = 0;
  std::vector<NftExtension> extensions;  // in the order of the rule
  bool operator==(const NftRuleExtensions&) const = default;
};

// Whether the packets that rules have counted are wanted: they change with every look.
enum class Counters : std::uint8_t { kLeftOut, kRead };

struct NftRuleset {
  std::string json;  // as libnftables prints it; empty: there is no table
  std::vector<NftRuleExtensions> extensions;
  bool operator==(const NftRuleset&) const = default;
};

// One table of iptables-legacy or ip6tables-legacy, as getsockopt() gives it. Counters that are
// left out are 0.
struct LegacyTable {
  std::uint8_t family = 0;  // AF_INET 2, AF_INET6 10
  std::string name;
  std::uint32_t valid_hooks = 0;              // bit n: hook n
  std::array<std::uint32_t, 5> hook_entry{};  // offsets into `entries`
  std::array<std::uint32_t, 5> underflow{};   // of the policy
  std::uint32_t entry_count = 0;
  std::string entries;
  bool operator==(const LegacyTable&) const = default;
};

inline constexpr std::size_t kMaxRulesetBytes = 16U << 20U;

// The number that the kernel raises with every change of nftables' rules.
[[nodiscard]] Result<std::uint32_t> nft_generation();

// kNotFound when the library that explains them (libnftables) is not installed and there are
// tables, kNotSupported when the kernel has no nftables after all.
[[nodiscard]] Result<NftRuleset> dump_nft_ruleset(Counters counters);

// `name` must be one that /proc/net/ip_tables_names (ip6_) lists: the kernel would load a module
// for any other.
[[nodiscard]] Result<LegacyTable> dump_legacy_table(std::uint8_t family, std::string_view name,
                                                    Counters counters);

// The attributes of one NFT_MSG_NEWRULE: its extensions, if it has any.
[[nodiscard]] NftRuleExtensions rule_extensions(std::uint8_t family, std::string_view attributes);

}  // namespace assay::agent
