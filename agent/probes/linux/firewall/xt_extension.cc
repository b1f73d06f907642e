#include "agent/probes/linux/firewall/xt_extension.h"

#include <arpa/inet.h>  // before the headers of the kernel, which else declare the same
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_connlimit.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_pkttype.h>
#include <linux/netfilter/xt_recent.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>

#include <cstring>

namespace assay::agent {
namespace {

struct Extension {
  IpFamily family;
  std::string_view name;
  std::uint32_t revision;
  std::string_view data;
};

// True when the extension was understood.
using Reader = bool (*)(const Extension& extension, FilterRule& rule);
struct Reading {
  std::string_view name;
  Reader read;
};

constexpr std::uint8_t kSyn = 0x02;

template <typename Structure>
std::optional<Structure> read_as(std::string_view data) {
  Structure structure;
  if (data.size() < sizeof structure) return std::nullopt;
  std::memcpy(&structure, data.data(), sizeof structure);
  return structure;
}

template <typename Bytes>
IpAddress address_in(IpFamily family, const Bytes& bytes) {
  std::array<char, 16> raw{};
  std::memcpy(raw.data(), &bytes, std::min(sizeof bytes, raw.size()));
  return address_from_bytes(family, {raw.data(), raw.size()});
}

NumberSet ports(std::uint32_t first, std::uint32_t last, bool is_negated) {
  const NumberSet set(first, last);
  return is_negated ? NumberSet(0, kLastPort).minus(set) : set;
}

void add_ports(std::optional<NumberSet>& have, const NumberSet& set) {
  if (set == NumberSet(0, kLastPort)) return;
  have = have ? have->within(set) : set;
}

bool tcp(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_tcp>(extension.data);
  if (!info) return false;
  rule.when.add_protocols(NumberSet(IPPROTO_TCP, IPPROTO_TCP));
  const auto negated = [&](unsigned bit) { return (info->invflags & bit) != 0; };
  add_ports(rule.when.source_ports, ports(info->spts[0], info->spts[1], negated(XT_TCP_INV_SRCPT)));
  add_ports(rule.when.destination_ports,
            ports(info->dpts[0], info->dpts[1], negated(XT_TCP_INV_DSTPT)));
  if (info->flg_mask != 0) {
    const bool is_syn = (kSyn & info->flg_mask) == info->flg_cmp;
    if (is_syn == negated(XT_TCP_INV_FLAGS)) rule.when.is_never_first = true;
    append_expression(rule.expression, negated(XT_TCP_INV_FLAGS) ? "tcp flags !=" : "tcp flags");
    rule.expression += " " + std::to_string(info->flg_mask) + "/" + std::to_string(info->flg_cmp);
  }
  return info->option == 0;
}

bool udp(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_udp>(extension.data);
  if (!info) return false;
  const std::uint32_t protocol = extension.name == "udp" ? IPPROTO_UDP : IPPROTO_UDPLITE;
  rule.when.add_protocols(NumberSet(protocol, protocol));
  add_ports(rule.when.source_ports,
            ports(info->spts[0], info->spts[1], (info->invflags & XT_UDP_INV_SRCPT) != 0));
  add_ports(rule.when.destination_ports,
            ports(info->dpts[0], info->dpts[1], (info->invflags & XT_UDP_INV_DSTPT) != 0));
  return true;
}

bool icmp(const Extension& extension, FilterRule& rule) {
  if (extension.data.size() < 4) return false;  // type, code from, code to, inverted
  rule.when.add_protocols(extension.family == IpFamily::kV4
                              ? NumberSet(IPPROTO_ICMP, IPPROTO_ICMP)
                              : NumberSet(IPPROTO_ICMPV6, IPPROTO_ICMPV6));
  append_expression(rule.expression, extension.data[3] == 0 ? "icmp type " : "icmp type != ");
  rule.expression += std::to_string(static_cast<unsigned char>(extension.data[0]));
  return true;
}

bool multiport(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_multiport_v1>(extension.data);
  if (!info || extension.revision != 1 || info->count > XT_MULTI_PORTS) return false;
  std::vector<NumberSet::Range> ranges;
  for (unsigned i = 0; i < info->count; ++i) {
    NumberSet::Range range{info->ports[i], info->ports[i]};
    if (info->pflags[i] != 0 && i + 1U < info->count) range.last = info->ports[++i];
    ranges.push_back(range);
  }
  auto set = NumberSet::of(std::move(ranges));
  if (info->invert != 0) set = NumberSet(0, kLastPort).minus(set);
  if (info->flags == XT_MULTIPORT_SOURCE)
    add_ports(rule.when.source_ports, set);
  else if (info->flags == XT_MULTIPORT_DESTINATION)
    add_ports(rule.when.destination_ports, set);
  else
    return false;  // either of both
  return true;
}

// The lowest bits of the kernel are those of ConnectionState; only "untracked" differs.
std::uint8_t states_of(unsigned mask, unsigned untracked) {
  const unsigned known = mask & 0xfU;
  return static_cast<std::uint8_t>((mask & untracked) != 0 ? known | kStateUntracked : known);
}

constexpr std::uint8_t kAllStates = 0x1f;

bool conntrack(const Extension& extension, FilterRule& rule) {
  std::uint16_t match_flags = 0;
  std::uint16_t invert_flags = 0;
  unsigned mask = 0;
  if (extension.revision == 3) {
    const auto info = read_as<::xt_conntrack_mtinfo3>(extension.data);
    if (!info) return false;
    match_flags = info->match_flags, invert_flags = info->invert_flags, mask = info->state_mask;
  } else if (extension.revision == 2) {
    const auto info = read_as<::xt_conntrack_mtinfo2>(extension.data);
    if (!info) return false;
    match_flags = info->match_flags, invert_flags = info->invert_flags, mask = info->state_mask;
  } else {
    return false;
  }
  if (match_flags != XT_CONNTRACK_STATE) return false;
  constexpr unsigned kTranslated = XT_CONNTRACK_STATE_SNAT | XT_CONNTRACK_STATE_DNAT;
  if ((mask & kTranslated) != 0) return false;
  const auto states = states_of(mask, XT_CONNTRACK_STATE_UNTRACKED);
  const bool is_negated = (invert_flags & XT_CONNTRACK_STATE) != 0;
  rule.when.add_states(is_negated ? static_cast<std::uint8_t>(kAllStates & ~states) : states);
  return true;
}

bool state(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_state_info>(extension.data);
  if (!info) return false;
  rule.when.add_states(states_of(info->statemask, XT_STATE_UNTRACKED));
  return true;
}

bool comment(const Extension& extension, FilterRule& rule) {
  constexpr std::size_t kLongest = 256;
  const auto text = extension.data.substr(0, std::min(extension.data.find('\0'), kLongest));
  append_expression(rule.expression, "comment ");
  rule.expression.append(text);
  return true;
}

// The bit of RTN_… numbers: 1 unicast, 2 local, 3 broadcast, 4 anycast, 5 multicast.
std::uint8_t audience_of(unsigned mask) {
  unsigned audience = 0;
  if ((mask & XT_ADDRTYPE_LOCAL) != 0) audience |= static_cast<unsigned>(Audience::kHost);
  if ((mask & XT_ADDRTYPE_BROADCAST) != 0) audience |= static_cast<unsigned>(Audience::kBroadcast);
  if ((mask & XT_ADDRTYPE_MULTICAST) != 0) audience |= static_cast<unsigned>(Audience::kMulticast);
  if ((mask & ~unsigned{XT_ADDRTYPE_LOCAL | XT_ADDRTYPE_BROADCAST | XT_ADDRTYPE_MULTICAST}) != 0)
    audience |= static_cast<unsigned>(Audience::kOther);
  return static_cast<std::uint8_t>(audience);
}

std::string address_types(unsigned mask) {
  constexpr std::array<std::string_view, 6> kNames = {"unspec",    "unicast", "local",
                                                      "broadcast", "anycast", "multicast"};
  std::string text;
  for (std::size_t bit = 0; bit < kNames.size(); ++bit)
    if ((mask >> bit & 1U) != 0) text.append(" ").append(kNames.at(bit));
  return text;
}

bool addrtype(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_addrtype_info_v1>(extension.data);
  if (!info || extension.revision != 1) return false;
  constexpr unsigned kInvertDest = XT_ADDRTYPE_INVERT_DEST;
  if (info->source != 0 || info->dest == 0) return false;
  const auto audience = audience_of(info->dest);
  const bool is_negated = (info->flags & kInvertDest) != 0;
  rule.when.add_audience(is_negated ? static_cast<std::uint8_t>(~audience) : audience);
  append_expression(rule.expression, "destination type" + std::string(is_negated ? " !=" : "") +
                                         address_types(info->dest));
  return (info->flags & ~kInvertDest) == 0;
}

bool limit(const Extension&, FilterRule& rule) {
  rule.when.is_limited = true;
  append_expression(rule.expression, "limit");
  return true;
}

bool over_limit(FilterRule& rule, bool is_over) {
  (is_over ? rule.when.is_over_limit : rule.when.is_limited) = true;
  append_expression(rule.expression, is_over ? "over a limit" : "limit");
  return true;
}

bool hashlimit(const Extension& extension, FilterRule& rule) {
  std::optional<std::uint32_t> mode;
  if (extension.revision == 3) {
    if (const auto info = read_as<::xt_hashlimit_mtinfo3>(extension.data)) mode = info->cfg.mode;
  } else if (extension.revision == 2) {
    if (const auto info = read_as<::xt_hashlimit_mtinfo2>(extension.data)) mode = info->cfg.mode;
  } else if (extension.revision == 1) {
    if (const auto info = read_as<::xt_hashlimit_mtinfo1>(extension.data)) mode = info->cfg.mode;
  }
  return mode && over_limit(rule, (*mode & XT_HASHLIMIT_INVERT) != 0);
}

bool connlimit(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_connlimit_info>(extension.data);
  if (!info) return false;
  const bool is_over = (info->flags & XT_CONNLIMIT_INVERT) == 0;
  return (info->limit > 0 || !is_over) && over_limit(rule, is_over);
}

// A list of addresses seen lately: an address that comes for the first time is not in it.
bool recent(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_recent_mtinfo>(extension.data);
  if (!info || info->invert != 0) return false;
  append_expression(rule.expression, "recent ");
  rule.expression.append(info->name, ::strnlen(info->name, sizeof info->name));
  if ((info->check_set & XT_RECENT_SET) != 0) return true;
  rule.when.is_over_limit = info->hit_count > 1;
  return info->hit_count > 1;
}

bool pkttype(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_pkttype_info>(extension.data);
  if (!info || info->pkttype < 0 || info->pkttype > 2) return false;
  constexpr std::array kAudience = {Audience::kHost, Audience::kBroadcast, Audience::kMulticast};
  const auto one = static_cast<std::uint8_t>(kAudience.at(static_cast<std::size_t>(info->pkttype)));
  rule.when.add_audience(info->invert != 0 ? static_cast<std::uint8_t>(~one) : one);
  append_expression(rule.expression, "packet type");
  return true;
}

bool iprange(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_iprange_mtinfo>(extension.data);
  if (!info || extension.revision != 1) return false;
  const auto family = extension.family;
  const auto range = [&](const auto& first, const auto& last, unsigned invert) {
    const AddressSet set(address_in(family, first).number, address_in(family, last).number);
    return (info->flags & invert) != 0 ? all_addresses(family).minus(set) : set;
  };
  if ((info->flags & IPRANGE_SRC) != 0)
    rule.when.add_source(family, range(info->src_min, info->src_max, IPRANGE_SRC_INV));
  if ((info->flags & IPRANGE_DST) != 0)
    rule.when.add_destination(family, range(info->dst_min, info->dst_max, IPRANGE_DST_INV));
  return true;
}

// Matches what comes the way that an answer would go; inverted, what does not.
bool rpfilter(const Extension& extension, FilterRule& rule) {
  const auto info = read_as<::xt_rpfilter_info>(extension.data);
  if (!info) return false;
  const bool is_negated = (info->flags & XT_RPFILTER_INVERT) != 0;
  if (is_negated) rule.when.is_never_first = true;
  append_expression(rule.expression, is_negated ? "wrong way (rpfilter)" : "right way (rpfilter)");
  return true;
}

constexpr std::array<Reading, 17> kMatches = {{{"tcp", tcp},
                                               {"udp", udp},
                                               {"udplite", udp},
                                               {"icmp", icmp},
                                               {"icmp6", icmp},
                                               {"multiport", multiport},
                                               {"conntrack", conntrack},
                                               {"state", state},
                                               {"comment", comment},
                                               {"addrtype", addrtype},
                                               {"limit", limit},
                                               {"hashlimit", hashlimit},
                                               {"connlimit", connlimit},
                                               {"recent", recent},
                                               {"pkttype", pkttype},
                                               {"iprange", iprange},
                                               {"rpfilter", rpfilter}}};

// Targets that let the packet go on to the next rule and change nothing that we compare.
constexpr std::array<std::string_view, 15> kHarmless = {
    "LOG", "NFLOG", "MARK", "CONNMARK", "TCPMSS",  "CHECKSUM",    "CLASSIFY", "DSCP",
    "TOS", "TTL",   "HL",   "AUDIT",    "SECMARK", "CONNSECMARK", "TRACE"};

void set_translation(FilterRule& rule, Action action, const std::optional<IpAddress>& address,
                     const std::optional<std::uint16_t>& port) {
  rule.action = action;
  rule.new_address = address;
  rule.new_port = port;
  rule.target = address ? to_text(*address) : std::string();
  if (port) rule.target += ":" + std::to_string(*port);
}

template <typename Range, typename Bytes>
void translate(const Range& range, IpFamily family, const Bytes& first, const Bytes& last,
               Action action, FilterRule& rule) {
  std::optional<IpAddress> address;
  std::optional<std::uint16_t> port;
  if ((range.flags & NF_NAT_RANGE_MAP_IPS) != 0) {
    address = address_in(family, first);
    if (*address != address_in(family, last))
      rule.when.not_understood.emplace_back("several new addresses");
  }
  if ((range.flags & NF_NAT_RANGE_PROTO_SPECIFIED) != 0) {
    port = ntohs(range.min_proto.all);
    if (range.min_proto.all != range.max_proto.all)
      rule.when.not_understood.emplace_back("several new ports");
  }
  set_translation(rule, action, address, port);
}

// IPv4's own structure holds a list of one; IPv6 and later revisions hold the range itself.
bool add_translation(const Extension& extension, Action action, FilterRule& rule) {
  if (extension.family == IpFamily::kV4 && extension.revision == 0) {
    const auto info = read_as<::nf_nat_ipv4_multi_range_compat>(extension.data);
    if (!info || info->rangesize != 1) return false;
    struct {
      unsigned flags;
      ::nf_conntrack_man_proto min_proto, max_proto;
    } const range{info->range[0].flags, info->range[0].min, info->range[0].max};
    translate(range, extension.family, info->range[0].min_ip, info->range[0].max_ip, action, rule);
    return true;
  }
  const auto info = read_as<::nf_nat_range>(extension.data);
  if (!info) return false;
  translate(*info, extension.family, info->min_addr, info->max_addr, action, rule);
  return true;
}

bool is_notrack(const Extension& extension) {
  if (extension.name == "NOTRACK") return true;
  const auto info = read_as<::xt_ct_target_info>(extension.data);  // so begin all revisions
  return info && (info->flags & XT_CT_NOTRACK) != 0;
}

}  // namespace

void add_xt_match(IpFamily family, std::string_view name, std::uint32_t revision,
                  std::string_view data, FilterRule& rule) {
  const auto known = std::ranges::find(kMatches, name, &Reading::name);
  if (known != kMatches.end() && known->read({family, name, revision, data}, rule)) return;
  rule.when.not_understood.push_back("match " + std::string(name));
}

void add_xt_target(IpFamily family, std::string_view name, std::uint32_t revision,
                   std::string_view data, FilterRule& rule) {
  const Extension extension{family, name, revision, data};
  if (std::ranges::find(kHarmless, name) != kHarmless.end()) {
    append_expression(rule.expression, name);
    return;
  }
  if (name == "REJECT") {
    rule.action = Action::kReject;
    return;
  }
  if (name == "CT" || name == "NOTRACK") {
    if (is_notrack(extension)) rule.action = Action::kNotrack;
    return;
  }
  bool is_known = true;
  if (name == "DNAT")
    is_known = add_translation(extension, Action::kDnat, rule);
  else if (name == "REDIRECT")
    is_known = add_translation(extension, Action::kRedirect, rule);
  else if (name == "SNAT" || name == "MASQUERADE")
    is_known = add_translation(extension, Action::kSnat, rule);
  else
    is_known = false;
  if (is_known) return;
  rule.action = Action::kOther;
  rule.when.not_understood.push_back("target " + std::string(name));
}

}  // namespace assay::agent
