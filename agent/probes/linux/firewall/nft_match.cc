#include "agent/probes/linux/firewall/nft_match.h"

#include <netinet/in.h>

namespace assay::agent {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxText = 300;

struct Match {
  const Json& left;
  std::string_view op;
  const Json& right;
  const NftSets& sets;
  [[nodiscard]] bool is_equal() const { return op == "==" || op == "in" || op.empty(); }
  [[nodiscard]] bool is_unequal() const { return op == "!="; }
};

std::string short_text(const Json& value) {
  auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMaxText) text.resize(kMaxText), text += "…";
  return text;
}

template <typename Set>
std::optional<Set> with_operator(const Match& match, const std::optional<Set>& set,
                                 const Set& all) {
  if (!set) return std::nullopt;
  if (match.is_equal()) return set;
  if (match.is_unequal()) return all.minus(*set);
  if (set->ranges().size() != 1 || set->ranges()[0].first != set->ranges()[0].last)
    return std::nullopt;
  const auto value = set->ranges()[0].first;
  const auto first = all.ranges()[0].first;
  const auto last = all.ranges()[0].last;
  if (match.op == "<=") return Set(first, value);
  if (match.op == ">=") return Set(value, last);
  if (match.op == "<") return Set(first, value).minus(*set);
  if (match.op == ">") return Set(value, last).minus(*set);
  return std::nullopt;
}

bool add_address(const Match& match, IpFamily family, bool is_source, FilterRule& rule) {
  const auto set =
      with_operator(match, nft_addresses(match.right, family, match.sets), all_addresses(family));
  if (!set) return false;
  auto name = nft_set_name(match.right);
  if (!name.empty() && match.is_unequal()) name.insert(0, "!= ");
  if (is_source) {
    rule.when.add_source(family, *set);
    if (!name.empty()) rule.source_name = name;
  } else {
    rule.when.add_destination(family, *set);
    if (!name.empty()) rule.destination_name = name;
  }
  return true;
}

bool add_protocol(const Match& match, FilterRule& rule) {
  const auto set =
      with_operator(match, nft_protocols(match.right, match.sets), NumberSet(0, kLastProtocol));
  if (set) rule.when.add_protocols(*set);
  return set.has_value();
}

bool add_port(const Match& match, bool is_source, FilterRule& rule) {
  const auto set =
      with_operator(match, nft_ports(match.right, match.sets), NumberSet(0, kLastPort));
  if (!set) return false;
  if (is_source)
    rule.when.add_source_ports(*set);
  else
    rule.when.add_destination_ports(*set);
  return true;
}

// The flags of a TCP packet that opens a connection are SYN alone.
bool add_tcp_flags(const std::vector<std::string>& mask, const Match& match, FilterRule& rule) {
  const auto wanted =
      match.right == 0 ? std::vector<std::string>() : nft_words(match.right, match.sets);
  if (!wanted || !nft_set_name(match.right).empty() || nft_member(match.right, "set") != nullptr)
    return false;
  const bool wants_syn = std::ranges::find(*wanted, "syn") != wanted->end();
  const bool sees_syn = mask.empty() || std::ranges::find(mask, "syn") != mask.end();
  const bool is_syn_alone = wanted->size() == (wants_syn ? 1U : 0U) && sees_syn == wants_syn;
  bool matches = false;
  if (match.op == "in")
    matches = wants_syn;  // any of these flags
  else if (match.op == "==")
    matches = is_syn_alone;
  else if (match.is_unequal())
    matches = !is_syn_alone;
  else
    return false;
  if (!matches) rule.when.is_never_first = true;
  append_expression(rule.expression,
                    "tcp flags " + std::string(match.op) + " " + short_text(match.right));
  return true;
}

bool add_icmp(const Match& match, std::uint32_t protocol, std::string_view field,
              FilterRule& rule) {
  rule.when.add_family(protocol == IPPROTO_ICMP ? IpFamily::kV4 : IpFamily::kV6);
  rule.when.add_protocols(NumberSet(protocol, protocol));
  append_expression(rule.expression, "icmp " + std::string(field) + " " + std::string(match.op) +
                                         " " + short_text(match.right));
  return true;
}

bool add_transport(const Match& match, std::string_view protocol, std::string_view field,
                   FilterRule& rule) {
  if (protocol != "th") {
    const auto number = nft_protocols(Json(protocol), {});
    if (!number) return false;
    rule.when.add_protocols(*number);
  }
  if (field == "sport") return add_port(match, true, rule);
  if (field == "dport") return add_port(match, false, rule);
  if (field == "flags" && protocol == "tcp") return add_tcp_flags({}, match, rule);
  return false;
}

bool add_payload(const Match& match, const Json& payload, FilterRule& rule) {
  const auto protocol = nft_text(payload, "protocol");
  const auto field = nft_text(payload, "field");
  if (nft_member(payload, "tunnel") != nullptr) return false;
  if (protocol == "ip" || protocol == "ip6") {
    const auto family = protocol == "ip" ? IpFamily::kV4 : IpFamily::kV6;
    rule.when.add_family(family);
    if (field == "saddr" || field == "daddr")
      return add_address(match, family, field == "saddr", rule);
    // An IPv6 packet may have other headers before that of its protocol; a first one has none.
    return (field == "protocol" || field == "nexthdr") && add_protocol(match, rule);
  }
  if (protocol == "icmp") return add_icmp(match, IPPROTO_ICMP, field, rule);
  if (protocol == "icmpv6") return add_icmp(match, IPPROTO_ICMPV6, field, rule);
  constexpr std::array<std::string_view, 6> kTransport = {"th",   "tcp",  "udp",
                                                          "sctp", "dccp", "udplite"};
  return std::ranges::find(kTransport, protocol) != kTransport.end() &&
         add_transport(match, protocol, field, rule);
}

bool add_interface(const Match& match, std::vector<InterfaceMatch>& matches) {
  auto names = nft_words(match.right, match.sets);
  if (!names || !(match.is_equal() || match.is_unequal())) return false;
  matches.push_back({*std::move(names), match.is_unequal()});
  return true;
}

bool add_family(const Match& match, FilterRule& rule) {
  const auto words = nft_words(match.right, match.sets);
  if (!words || words->size() != 1 || !(match.is_equal() || match.is_unequal())) return false;
  const bool is_v4 = words->front() == "ipv4" || words->front() == "ip";
  const bool is_v6 = words->front() == "ipv6" || words->front() == "ip6";
  if (!is_v4 && !is_v6) {
    // ARP, VLAN …: no packet of ours
    if (match.is_equal()) rule.when.v4 = rule.when.v6 = false;
    return match.is_equal();
  }
  rule.when.add_family(is_v4 == match.is_equal() ? IpFamily::kV4 : IpFamily::kV6);
  return true;
}

bool add_packet_type(const Match& match, FilterRule& rule) {
  const auto words = nft_words(match.right, match.sets);
  if (!words || !(match.is_equal() || match.is_unequal())) return false;
  unsigned audience = 0;
  for (const auto& word : *words) {
    if (word == "host" || word == "unicast")
      audience |= static_cast<unsigned>(Audience::kHost);
    else if (word == "broadcast")
      audience |= static_cast<unsigned>(Audience::kBroadcast);
    else if (word == "multicast")
      audience |= static_cast<unsigned>(Audience::kMulticast);
    else
      audience |= static_cast<unsigned>(Audience::kOther);
  }
  rule.when.add_audience(static_cast<std::uint8_t>(match.is_unequal() ? ~audience : audience));
  append_expression(rule.expression,
                    "pkttype " + std::string(match.op) + " " + short_text(match.right));
  return true;
}

bool add_meta(const Match& match, std::string_view key, FilterRule& rule) {
  if (key == "iif" || key == "iifname") return add_interface(match, rule.when.in);
  if (key == "oif" || key == "oifname") return add_interface(match, rule.when.out);
  if (key == "l4proto") return add_protocol(match, rule);
  if (key == "nfproto" || key == "protocol") return add_family(match, rule);
  if (key == "pkttype") return add_packet_type(match, rule);
  return false;
}

bool add_states(const Match& match, FilterRule& rule) {
  static const std::map<std::string, unsigned, std::less<>> kStates = {
      {"invalid", kStateInvalid},
      {"established", kStateEstablished},
      {"related", kStateRelated},
      {"new", kStateNew},
      {"untracked", kStateUntracked}};
  const auto words = nft_words(match.right, match.sets);
  // A list compared by "==" means all of the states at once.
  if (!words || (match.op == "==" && match.right.is_array() && match.right.size() > 1))
    return false;
  unsigned states = 0;
  for (const auto& word : *words) {
    const auto known = kStates.find(word);
    if (known == kStates.end()) return false;
    states |= known->second;
  }
  if (!match.is_equal() && !match.is_unequal()) return false;
  rule.when.add_states(static_cast<std::uint8_t>(match.is_unequal() ? ~states : states));
  return true;
}

bool add_connection(const Match& match, const Json& connection, FilterRule& rule) {
  const auto key = nft_text(connection, "key");
  if (key == "state") return add_states(match, rule);
  if (key != "direction" || !match.right.is_string() || match.op != "==") return false;
  if (match.right == "reply") rule.when.is_never_first = true;
  return true;
}

// Routing: of which type the destination is, or whether the source comes the right way.
bool add_fib(const Match& match, const Json& fib, FilterRule& rule) {
  const Json* flags = nft_member(fib, "flags");
  std::vector<std::string> words;
  if (flags != nullptr && flags->is_array())
    for (const auto& flag : *flags)
      if (flag.is_string()) words.push_back(flag.get<std::string>());
  const auto has = [&](std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  };
  const auto result = nft_text(fib, "result");
  if (result == "type" && has("daddr") && !has("saddr")) {
    const auto types = nft_words(match.right, match.sets);
    if (!types || !(match.is_equal() || match.is_unequal())) return false;
    unsigned audience = 0;
    for (const auto& type : *types)
      audience |= static_cast<unsigned>(type == "local"       ? Audience::kHost
                                        : type == "broadcast" ? Audience::kBroadcast
                                        : type == "multicast" ? Audience::kMulticast
                                                              : Audience::kOther);
    rule.when.add_audience(static_cast<std::uint8_t>(match.is_unequal() ? ~audience : audience));
    append_expression(rule.expression,
                      "destination type " + std::string(match.op) + " " + short_text(match.right));
    return true;
  }
  if (result == "oif" && has("saddr") && match.right.is_boolean()) {
    const bool is_missing = match.is_equal() != match.right.get<bool>();
    if (is_missing) rule.when.is_never_first = true;
    append_expression(rule.expression, is_missing ? "no way back" : "a way back");
    return match.is_equal() || match.is_unequal();
  }
  return false;
}

bool add(const Match& match, FilterRule& rule) {
  if (const Json* payload = nft_member(match.left, "payload"))
    return add_payload(match, *payload, rule);
  if (const Json* meta = nft_member(match.left, "meta"))
    return add_meta(match, nft_text(*meta, "key"), rule);
  if (const Json* connection = nft_member(match.left, "ct"))
    return add_connection(match, *connection, rule);
  if (const Json* fib = nft_member(match.left, "fib")) return add_fib(match, *fib, rule);
  if (const Json* masked = nft_member(match.left, "&");
      masked != nullptr && masked->is_array() && masked->size() == 2) {
    const Json* payload = nft_member((*masked)[0], "payload");
    auto mask = nft_words((*masked)[1], match.sets);
    if (payload == nullptr || !mask || nft_text(*payload, "protocol") != "tcp" ||
        nft_text(*payload, "field") != "flags")
      return false;
    rule.when.add_protocols(NumberSet(IPPROTO_TCP, IPPROTO_TCP));
    return add_tcp_flags(*mask, match, rule);
  }
  return false;
}

}  // namespace

void add_nft_match(const Json& match, const NftSets& sets, FilterRule& rule) {
  const Json* left = nft_member(match, "left");
  const Json* right = nft_member(match, "right");
  if (left != nullptr && right != nullptr &&
      add({*left, nft_text(match, "op"), *right, sets}, rule))
    return;
  rule.when.not_understood.push_back(short_text(match));
}

void add_nft_equal(const Json& left, const Json& right, const NftSets& sets, FilterRule& rule) {
  // A state in a map is compared with the one state that a packet has.
  if (!add({left, "==", right, sets}, rule))
    rule.when.not_understood.push_back(short_text(left) + " == " + short_text(right));
}

}  // namespace assay::agent
