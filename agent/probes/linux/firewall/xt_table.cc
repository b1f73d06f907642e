#include "agent/probes/linux/firewall/xt_table.h"

#include <arpa/inet.h>  // before the headers of the kernel, which else declare the same
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <cstring>
#include <map>

#include "agent/probes/linux/firewall/xt_extension.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxChains = 20'000;

// What both families' entries have, in one shape.
struct Entry {
  std::uint32_t offset = 0;
  std::uint32_t target_offset = 0;  // from the entry's start
  std::uint32_t next_offset = 0;
  std::uint32_t header_bytes = 0;
  Conditions when;
  PacketCount count;
  std::string_view bytes;  // of the whole entry
};

struct Target {
  std::string name;
  std::uint32_t revision = 0;
  std::string_view data;
};

std::unexpected<Error> malformed(const LegacyTable& table) {
  return fail(Code::kInvalidData, "iptables' table " + table.name + ": entries that do not fit");
}

// The structures of the kernel end in members of any length, so they cannot be returned by value.
template <typename Structure>
bool read_at(std::string_view data, std::size_t offset, Structure& structure) {
  if (offset > data.size() || data.size() - offset < sizeof structure) return false;
  std::memcpy(&structure, data.data() + offset, sizeof structure);
  return true;
}

template <typename Bytes>
IpAddress address_in(IpFamily family, const Bytes& bytes) {
  std::array<char, 16> raw{};
  std::memcpy(raw.data(), &bytes, std::min(sizeof bytes, raw.size()));
  return address_from_bytes(family, {raw.data(), raw.size()});
}

template <typename Bytes>
void add_address(IpFamily family, const Bytes& address, const Bytes& mask, bool is_negated,
                 bool is_source, Conditions& when) {
  auto set = masked_set(address_in(family, address), address_in(family, mask));
  if (!set) {
    when.not_understood.emplace_back("mask with holes");
    return;
  }
  if (is_negated) set = all_addresses(family).minus(*set);
  if (*set == all_addresses(family)) return;
  if (is_source)
    when.add_source(family, *set);
  else
    when.add_destination(family, *set);
}

// The mask says how much of the name counts: with its final NUL, all of it. The "+" that was
// written may still stand behind what counts.
template <std::size_t Size>
void add_interface(const char (&name)[Size], const unsigned char (&mask)[Size], bool is_negated,
                   std::vector<InterfaceMatch>& matches) {
  const auto compared = static_cast<std::size_t>(std::ranges::find(mask, 0) - std::begin(mask));
  if (compared == 0) return;
  const std::size_t length = ::strnlen(name, Size);
  std::string text(name, std::min(length, compared));
  if (compared <= length && compared < Size) text += '*';
  matches.push_back({{std::move(text)}, is_negated});
}

void add_protocol(std::uint32_t protocol, bool is_negated, Conditions& when) {
  if (protocol == 0) return;
  const NumberSet set(protocol, protocol);
  when.add_protocols(is_negated ? NumberSet(0, kLastProtocol).minus(set) : set);
}

Conditions conditions(const ::ipt_ip& ip) {
  Conditions when;
  when.add_family(IpFamily::kV4);
  const auto negated = [&](unsigned bit) { return (ip.invflags & bit) != 0; };
  add_address(IpFamily::kV4, ip.src, ip.smsk, negated(IPT_INV_SRCIP), true, when);
  add_address(IpFamily::kV4, ip.dst, ip.dmsk, negated(IPT_INV_DSTIP), false, when);
  add_interface(ip.iniface, ip.iniface_mask, negated(IPT_INV_VIA_IN), when.in);
  add_interface(ip.outiface, ip.outiface_mask, negated(IPT_INV_VIA_OUT), when.out);
  add_protocol(ip.proto, negated(IPT_INV_PROTO), when);
  // "-f" matches the later fragments only, "! -f" all that a listener is reached by.
  if ((ip.flags & IPT_F_FRAG) != 0 && !negated(IPT_INV_FRAG)) when.is_never_first = true;
  return when;
}

Conditions conditions(const ::ip6t_ip6& ip) {
  Conditions when;
  when.add_family(IpFamily::kV6);
  const auto negated = [&](unsigned bit) { return (ip.invflags & bit) != 0; };
  add_address(IpFamily::kV6, ip.src, ip.smsk, negated(IP6T_INV_SRCIP), true, when);
  add_address(IpFamily::kV6, ip.dst, ip.dmsk, negated(IP6T_INV_DSTIP), false, when);
  add_interface(ip.iniface, ip.iniface_mask, negated(IP6T_INV_VIA_IN), when.in);
  add_interface(ip.outiface, ip.outiface_mask, negated(IP6T_INV_VIA_OUT), when.out);
  if ((ip.flags & IP6T_F_PROTO) != 0) add_protocol(ip.proto, negated(IP6T_INV_PROTO), when);
  return when;
}

std::int64_t in_range(std::uint64_t count) {
  return static_cast<std::int64_t>(std::min(count, std::uint64_t{INT64_MAX}));
}

template <typename Raw>
std::optional<Entry> entry_at(std::string_view entries, std::uint32_t offset) {
  Raw raw;
  if (!read_at(entries, offset, raw) || raw.target_offset < sizeof(Raw) ||
      raw.next_offset < raw.target_offset || raw.next_offset > entries.size() - offset)
    return std::nullopt;
  Entry entry{
      .offset = offset,
      .target_offset = raw.target_offset,
      .next_offset = raw.next_offset,
      .header_bytes = sizeof(Raw),
      .count = {.packets = in_range(raw.counters.pcnt), .bytes = in_range(raw.counters.bcnt)},
      .bytes = entries.substr(offset, raw.next_offset)};
  if constexpr (std::is_same_v<Raw, ::ipt_entry>)
    entry.when = conditions(raw.ip);
  else
    entry.when = conditions(raw.ipv6);
  return entry;
}

std::optional<Target> target_of(const Entry& entry) {
  ::xt_entry_target header;
  if (!read_at(entry.bytes, entry.target_offset, header) ||
      header.u.user.target_size < sizeof header ||
      header.u.user.target_size > entry.bytes.size() - entry.target_offset)
    return std::nullopt;
  const auto* name = header.u.user.name;
  return Target{.name = std::string(name, ::strnlen(name, sizeof header.u.user.name)),
                .revision = header.u.user.revision,
                .data = entry.bytes.substr(entry.target_offset + sizeof header,
                                           header.u.user.target_size - sizeof header)};
}

bool add_matches(IpFamily family, const Entry& entry, FilterRule& rule) {
  std::size_t at = entry.header_bytes;
  while (at < entry.target_offset) {
    ::xt_entry_match header;
    if (!read_at(entry.bytes, at, header) || header.u.user.match_size < sizeof header ||
        header.u.user.match_size > entry.target_offset - at)
      return false;
    const auto* name = header.u.user.name;
    add_xt_match(family, {name, ::strnlen(name, sizeof header.u.user.name)}, header.u.user.revision,
                 entry.bytes.substr(at + sizeof header, header.u.user.match_size - sizeof header),
                 rule);
    at += header.u.user.match_size;
  }
  return true;
}

constexpr std::array<Hook, 5> kHooks = {Hook::kPrerouting, Hook::kInput, Hook::kForward,
                                        Hook::kOutput, Hook::kPostrouting};
constexpr std::array<std::string_view, 5> kBuiltIn = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT",
                                                      "POSTROUTING"};

// The places of the tables in the order of a packet's path.
std::int64_t priority_of(std::string_view table, Hook hook) {
  if (table == "raw") return NF_IP_PRI_RAW;
  if (table == "mangle") return NF_IP_PRI_MANGLE;
  if (table == "security") return NF_IP_PRI_SECURITY;
  if (table == "nat")
    return hook == Hook::kInput || hook == Hook::kPostrouting ? NF_IP_PRI_NAT_SRC
                                                              : NF_IP_PRI_NAT_DST;
  return NF_IP_PRI_FILTER;
}

class Parser {
 public:
  explicit Parser(const LegacyTable& source)
      : source_(source), family_(source.family == 2 ? IpFamily::kV4 : IpFamily::kV6) {
    table_.backend = family_ == IpFamily::kV4 ? "iptables-legacy" : "ip6tables-legacy";
    table_.family = family_ == IpFamily::kV4 ? FilterFamily::kIp : FilterFamily::kIp6;
    table_.name = source.name;
  }

  Result<FilterTable> parse() {
    if (!read_entries() || !find_chains()) return malformed(source_);
    for (const auto& entry : entries_)
      if (!add_rule(entry)) return malformed(source_);
    for (auto& chain : table_.chains)
      if (!take_policy(chain)) return malformed(source_);
    return std::move(table_);
  }

 private:
  bool read_entries() {
    for (std::uint32_t offset = 0; offset < source_.entries.size();) {
      auto entry = family_ == IpFamily::kV4 ? entry_at<::ipt_entry>(source_.entries, offset)
                                            : entry_at<::ip6t_entry>(source_.entries, offset);
      if (!entry) return false;
      offset += entry->next_offset;
      entries_.push_back(*std::move(entry));
    }
    return entries_.size() == source_.entry_count;
  }

  // Chains begin where the hooks say, and behind the ERROR entries that carry their names; the
  // last ERROR entry ends the table.
  bool find_chains() {
    for (std::size_t hook = 0; hook < kHooks.size(); ++hook) {
      if ((source_.valid_hooks >> hook & 1U) == 0) continue;
      starts_.emplace(source_.hook_entry[hook], table_.chains.size());
      table_.chains.push_back({.name = std::string(kBuiltIn[hook]),
                               .hook = kHooks[hook],
                               .type = source_.name == "nat" ? "nat" : "filter",
                               .priority = priority_of(source_.name, kHooks[hook]),
                               .device = {},
                               .rules = {}});
    }
    for (const auto& entry : entries_) {
      const auto target = target_of(entry);
      if (!target) return false;
      const auto next = entry.offset + entry.next_offset;
      if (target->name != XT_ERROR_TARGET || next == source_.entries.size()) continue;
      if (table_.chains.size() == kMaxChains) return false;
      starts_.emplace(next, table_.chains.size());
      table_.chains.push_back({.name = std::string(target->data.substr(0, target->data.find('\0'))),
                               .hook = {},
                               .type = {},
                               .device = {},
                               .rules = {}});
    }
    return true;
  }

  bool add_rule(const Entry& entry) {
    if (const auto start = starts_.find(entry.offset); start != starts_.end())
      current_ = start->second;
    const auto target = target_of(entry);
    if (target->name == XT_ERROR_TARGET) return true;
    if (current_ >= table_.chains.size()) return false;
    auto& chain = table_.chains[current_];
    FilterRule rule{.position = static_cast<std::int64_t>(chain.rules.size()) + 1,
                    .when = entry.when,
                    .target = {},
                    .new_address = {},
                    .new_port = {},
                    .source_name = {},
                    .destination_name = {},
                    .expression = {},
                    .count = entry.count};
    if (!add_matches(family_, entry, rule)) return false;
    if (target->name.empty()) {
      if (!set_verdict(entry, *target, rule)) return false;
    } else {
      add_xt_target(family_, target->name, target->revision, target->data, rule);
    }
    chain.rules.push_back(std::move(rule));
    return true;
  }

  [[nodiscard]] bool is_goto(const Entry& entry) const {
    if (family_ == IpFamily::kV4) {
      ::ipt_entry raw;
      return read_at(entry.bytes, 0, raw) && (raw.ip.flags & IPT_F_GOTO) != 0;
    }
    ::ip6t_entry raw;
    return read_at(entry.bytes, 0, raw) && (raw.ipv6.flags & IP6T_F_GOTO) != 0;
  }

  // A number below zero is a verdict, another one the offset of the chain to jump to; that of the
  // next entry means "go on".
  bool set_verdict(const Entry& entry, const Target& target, FilterRule& rule) {
    std::int32_t verdict = 0;
    if (!read_at(target.data, 0, verdict)) return false;
    if (verdict == XT_RETURN) {
      rule.action = Action::kReturn;
    } else if (verdict == -NF_ACCEPT - 1) {
      rule.action = Action::kAccept;
    } else if (verdict == -NF_DROP - 1) {
      rule.action = Action::kDrop;
    } else if (verdict < 0) {
      rule.action = Action::kOther;
      rule.when.not_understood.emplace_back("target QUEUE");
    } else if (static_cast<std::uint32_t>(verdict) != entry.offset + entry.next_offset) {
      const auto chain = starts_.find(static_cast<std::uint32_t>(verdict));
      if (chain == starts_.end()) return false;
      rule.action = is_goto(entry) ? Action::kGoto : Action::kJump;
      rule.target = table_.chains[chain->second].name;
    }
    return true;
  }

  // The last rule of a chain is no rule: in built-in chains it is the policy, in others RETURN.
  static bool take_policy(FilterChain& chain) {
    if (chain.rules.empty()) return false;
    if (chain.hook) {
      chain.policy = chain.rules.back().action;
      chain.policy_count = chain.rules.back().count;
    }
    chain.rules.pop_back();
    return !chain.hook || chain.policy == Action::kAccept || chain.policy == Action::kDrop;
  }

  const LegacyTable& source_;
  IpFamily family_;
  FilterTable table_;
  std::vector<Entry> entries_;
  std::map<std::uint32_t, std::size_t> starts_;  // offset → chain
  std::size_t current_ = ~std::size_t{0};
};

}  // namespace

Result<FilterTable> parse_legacy_table(const LegacyTable& table) {
  return Parser(table).parse();
}

}  // namespace assay::agent
