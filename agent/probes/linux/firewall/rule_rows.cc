#include "agent/probes/linux/firewall/rule_rows.h"

#include <netinet/in.h>

#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxRanges = 64;  // of addresses in one cell

std::string protocol_name(std::uint32_t number) {
  static const std::map<std::uint32_t, std::string_view> kNames = {
      {IPPROTO_ICMP, "icmp"}, {IPPROTO_IGMP, "igmp"},     {IPPROTO_TCP, "tcp"},
      {IPPROTO_UDP, "udp"},   {IPPROTO_ICMPV6, "icmpv6"}, {IPPROTO_SCTP, "sctp"},
      {IPPROTO_GRE, "gre"},   {IPPROTO_ESP, "esp"},       {IPPROTO_AH, "ah"}};
  const auto name = kNames.find(number);
  return name == kNames.end() ? std::to_string(number) : std::string(name->second);
}

template <typename Range, typename Name>
void append_range(const Range& range, Name name, std::string& text) {
  if (!text.empty()) text += ',';
  text += name(range.first);
  if (range.first != range.last) text += '-' + name(range.last);
}

std::string interfaces_text(const std::vector<InterfaceMatch>& matches) {
  std::string text;
  for (const auto& match : matches) {
    if (!text.empty()) text += " and ";
    if (match.is_negated) text += "!= ";
    for (const auto& name : match.names) {
      if (&name != &match.names.front()) text += ',';
      text += name;
    }
  }
  return text;
}

std::string states_text(const std::optional<std::uint8_t>& states) {
  constexpr std::array<std::string_view, 5> kNames = {"invalid", "established", "related", "new",
                                                      "untracked"};
  std::string text;
  for (std::size_t bit = 0; states && bit < kNames.size(); ++bit) {
    if (((unsigned{*states} >> bit) & 1U) == 0) continue;
    if (!text.empty()) text += ',';
    text += kNames[bit];
  }
  return states && text.empty() ? "none" : text;
}

std::string_view direction_of(const std::optional<Hook>& hook) {
  if (!hook) return {};
  switch (*hook) {
    case Hook::kPrerouting:
    case Hook::kIngress:
    case Hook::kInput: return "in";
    case Hook::kForward: return "forward";
    default: return "out";
  }
}

std::string_view family_of(const FilterTable& table, const Conditions& when) {
  if (table.family != FilterFamily::kInet && table.family != FilterFamily::kNetdev)
    return name_of(table.family);
  if (when.v4 && !when.v6) return "ip";
  if (when.v6 && !when.v4) return "ip6";
  return name_of(table.family);
}

evidence::Value addresses(const std::optional<AddressSet>& set, const std::string& name,
                          const Conditions& when) {
  if (!name.empty()) return name;
  if (!set) return evidence::kNull;
  if (set->is_empty()) return "none";
  return to_text(*set, when.v6 ? IpFamily::kV6 : IpFamily::kV4, kMaxRanges);
}

evidence::Value numbers(const std::optional<NumberSet>& set,
                        std::string (*text)(const NumberSet&)) {
  if (!set) return evidence::kNull;
  return set->is_empty() ? std::string("none") : text(*set);
}

std::string expression_of(const FilterRule& rule) {
  auto text = rule.expression;
  for (const auto& part : rule.when.not_understood) append_expression(text, part);
  return text;
}

}  // namespace

std::string to_text(const NumberSet& set) {
  std::string text;
  for (const auto& range : set.ranges())
    append_range(range, [](std::uint32_t number) { return std::to_string(number); }, text);
  return text;
}

std::string protocols_text(const NumberSet& set) {
  std::string text;
  for (const auto& range : set.ranges()) append_range(range, protocol_name, text);
  return text;
}

void add_rule_rows(const FilterTable& table, std::string_view file, evidence::Table& rows) {
  for (const auto& chain : table.chains) {
    const auto hook = chain.hook ? name_of(*chain.hook) : std::string_view();
    const auto priority = chain.hook ? std::optional(chain.priority) : std::nullopt;
    if (chain.hook)
      rows.add({{"backend", table.backend},
                {"family", std::string(name_of(table.family))},
                {"table_name", table.name},
                {"chain", chain.name},
                {"hook", text_or_null(hook)},
                {"chain_type", text_or_null(chain.type)},
                {"priority", number_or_null(priority)},
                {"position", std::int64_t{0}},
                {"direction", text_or_null(direction_of(chain.hook))},
                {"in_interface", text_or_null(chain.device)},
                {"action", std::string(name_of(chain.policy))},
                {"is_complete", std::int64_t{1}},
                {"is_dormant", std::int64_t{table.is_dormant}},
                {"file", text_or_null(file)}});
    for (const auto& rule : chain.rules)
      rows.add({{"backend", table.backend},
                {"family", std::string(family_of(table, rule.when))},
                {"table_name", table.name},
                {"chain", chain.name},
                {"hook", text_or_null(hook)},
                {"chain_type", text_or_null(chain.type)},
                {"priority", number_or_null(priority)},
                {"position", rule.position},
                {"direction", text_or_null(direction_of(chain.hook))},
                {"protocol", numbers(rule.when.protocols, protocols_text)},
                {"source", addresses(rule.when.source, rule.source_name, rule.when)},
                {"destination", addresses(rule.when.destination, rule.destination_name, rule.when)},
                {"source_ports", numbers(rule.when.source_ports, to_text)},
                {"destination_ports", numbers(rule.when.destination_ports, to_text)},
                {"in_interface", text_or_null(interfaces_text(rule.when.in))},
                {"out_interface", text_or_null(interfaces_text(rule.when.out))},
                {"states", text_or_null(states_text(rule.when.states))},
                {"action", std::string(name_of(rule.action))},
                {"target", text_or_null(rule.target)},
                {"expression", text_or_null(expression_of(rule))},
                {"is_complete", std::int64_t{rule.is_complete()}},
                {"is_dormant", std::int64_t{table.is_dormant}},
                {"file", text_or_null(file)}});
  }
}

void add_counter_rows(const FilterTable& table, const evidence::Value& not_before,
                      evidence::Table& rows) {
  const auto add = [&](const FilterChain& chain, std::string_view family, std::int64_t position,
                       const std::optional<PacketCount>& count) {
    if (!count) return;
    rows.add({{"backend", table.backend},
              {"family", std::string(family)},
              {"table_name", table.name},
              {"chain", chain.name},
              {"position", position},
              {"packets", count->packets},
              {"bytes", count->bytes},
              {"not_before", not_before}});
  };
  for (const auto& chain : table.chains) {
    add(chain, name_of(table.family), 0, chain.policy_count);
    std::int64_t last = 0;
    for (const auto& rule : chain.rules) {
      // What was made of one rule of the kernel has its count together.
      if (rule.position != last) add(chain, family_of(table, rule.when), rule.position, rule.count);
      last = rule.position;
    }
  }
}

}  // namespace assay::agent
