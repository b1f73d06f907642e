#include "agent/probes/linux/firewall/filter_rule.h"

namespace assay::agent {
namespace {

template <typename Set>
void narrow(std::optional<Set>& have, const Set& set) {
  have = have ? have->within(set) : set;
}

void narrow(std::optional<std::uint8_t>& have, std::uint8_t set) {
  have = static_cast<std::uint8_t>(have.value_or(0xff) & set);
}

constexpr std::array<std::string_view, 12> kActions = {"continue", "accept", "drop",    "reject",
                                                       "jump",     "goto",   "return",  "dnat",
                                                       "redirect", "snat",   "notrack", "other"};
constexpr std::array<std::string_view, 7> kHooks = {"prerouting",  "input",   "forward", "output",
                                                    "postrouting", "ingress", "egress"};
constexpr std::array<std::string_view, 6> kFamilies = {"ip",     "ip6", "inet",
                                                       "bridge", "arp", "netdev"};

template <typename Kind, std::size_t Count>
std::optional<Kind> named(const std::array<std::string_view, Count>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Kind>(found - names.begin());
}

}  // namespace

bool InterfaceMatch::matches(std::string_view interface) const {
  const bool is_one = std::ranges::any_of(names, [&](std::string_view name) {
    if (name.ends_with('*')) return interface.starts_with(name.substr(0, name.size() - 1));
    return interface == name;
  });
  return is_one != is_negated;
}

void Conditions::add_protocols(const NumberSet& set) {
  narrow(protocols, set);
}
void Conditions::add_source(IpFamily family, const AddressSet& set) {
  add_family(family);
  narrow(source, set);
}
void Conditions::add_destination(IpFamily family, const AddressSet& set) {
  add_family(family);
  narrow(destination, set);
}
void Conditions::add_source_ports(const NumberSet& set) {
  narrow(source_ports, set);
}
void Conditions::add_destination_ports(const NumberSet& set) {
  narrow(destination_ports, set);
}
void Conditions::add_states(std::uint8_t set) {
  narrow(states, set);
}
void Conditions::add_audience(std::uint8_t set) {
  narrow(audience, set);
}
void Conditions::add_family(IpFamily family) {
  (family == IpFamily::kV4 ? v6 : v4) = false;
}

std::string_view name_of(Action action) {
  return kActions.at(static_cast<std::size_t>(action));
}
std::string_view name_of(Hook hook) {
  return kHooks.at(static_cast<std::size_t>(hook));
}
std::optional<Hook> hook_named(std::string_view name) {
  return named<Hook>(kHooks, name);
}
std::string_view name_of(FilterFamily family) {
  return kFamilies.at(static_cast<std::size_t>(family));
}
std::optional<FilterFamily> family_named(std::string_view name) {
  return named<FilterFamily>(kFamilies, name);
}

const FilterChain* FilterTable::chain(std::string_view chain_name) const {
  const auto found = std::ranges::find(chains, chain_name, &FilterChain::name);
  return found == chains.end() ? nullptr : &*found;
}

void append_expression(std::string& expression, std::string_view more) {
  if (more.empty()) return;
  if (!expression.empty()) expression += "; ";
  expression += more;
}

}  // namespace assay::agent
