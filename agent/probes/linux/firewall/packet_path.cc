#include "agent/probes/linux/firewall/packet_path.h"

namespace assay::agent {
namespace {

constexpr int kMaxJumps = 64;
constexpr std::size_t kMaxSteps = 200'000;
constexpr std::size_t kMaxDoubts = 3;

bool is_seen_by(const FilterTable& table, IpFamily family) {
  switch (table.family) {
    case FilterFamily::kIp: return family == IpFamily::kV4;
    case FilterFamily::kIp6: return family == IpFamily::kV6;
    case FilterFamily::kInet:
    case FilterFamily::kNetdev: return true;
    default: return false;
  }
}

// What is still on its way, or was let through.
struct Stream {
  AddressSet surely;
  AddressSet perhaps;

  void add(const Stream& other) {
    surely = surely.plus(other.surely);
    perhaps = perhaps.plus(other.perhaps);
  }
};

// The sources whose packets a rule matches, of those that perhaps come by; `is_sure` when it
// matches all their packets of this flow.
struct Matched {
  AddressSet sources;
  bool is_sure = true;
};

struct Outcome {
  Stream accepted;
  Stream returned;
};

std::string place(const FilterTable& table, const FilterChain& chain) {
  return table.backend + " " + std::string(name_of(table.family)) + " " + table.name + " " +
         chain.name;
}

std::string place(const FilterTable& table, const FilterChain& chain, const FilterRule& rule) {
  auto text = place(table, chain) + " rule " + std::to_string(rule.position) + " " +
              std::string(name_of(rule.action));
  if (!rule.target.empty()) text += " " + rule.target;
  return text;
}

// One flow's walk through one chain of chains after the other.
class Walk {
 public:
  Walk(const Flow& flow, bool is_forwarded)
      : flow_(flow),
        is_forwarded_(is_forwarded),
        here_{all_addresses(flow.family), all_addresses(flow.family)} {}

  void through(const FilterTable& table, const FilterChain& chain) {
    if (here_.perhaps.is_empty()) return;
    table_ = &table;
    auto outcome = follow(chain, here_, 0);
    const bool falls_through = !outcome.returned.perhaps.is_empty();
    if (falls_through && chain.policy == Action::kAccept) {
      outcome.accepted.add(outcome.returned);
      if (accept_.empty() || (!is_accept_a_rule_ && chain.type == "filter"))
        accept_ = place(table, chain) + " policy accept";
    } else if (falls_through) {
      stop_ = place(table, chain) + " policy drop";
    }
    here_ = std::move(outcome.accepted);
  }

  Passage finish() {
    passage_.why = here_.perhaps.is_empty() ? stop_ : accept_;
    passage_.surely = std::move(here_.surely);
    passage_.perhaps = std::move(here_.perhaps);
    return std::move(passage_);
  }

 private:
  [[nodiscard]] Matched match(const FilterRule& rule, const Stream& here) const {
    const auto& when = rule.when;
    const bool has_family = flow_.family == IpFamily::kV4 ? when.v4 : when.v6;
    if (!has_family || when.is_never_first) return {};
    if (when.protocols && !when.protocols->contains(flow_.protocol)) return {};
    if (when.destination_ports && !when.destination_ports->contains(flow_.port)) return {};
    if (when.destination && !when.destination->contains(flow_.destination.number)) return {};
    if (when.audience && (*when.audience & static_cast<unsigned>(flow_.audience)) == 0) return {};
    if (when.source_ports && when.source_ports->is_empty()) return {};
    bool is_sure = rule.is_complete();
    if (!match_state(when, is_sure) || !match_interfaces(when, is_sure)) return {};
    return {when.source ? here.perhaps.within(*when.source) : here.perhaps, is_sure};
  }

  bool match_state(const Conditions& when, bool& is_sure) const {
    if (!when.states) return true;
    const bool has_new = (*when.states & kStateNew) != 0;
    const bool has_untracked = (*when.states & kStateUntracked) != 0;
    if (!may_be_untracked_) return has_new;
    if (has_new != has_untracked) is_sure = false;
    return has_new || has_untracked;
  }

  bool match_interfaces(const Conditions& when, bool& is_sure) const {
    for (const auto& in : when.in)
      if (!in.matches(flow_.in)) return false;
    for (const auto& out : when.out) {
      // What is for this machine goes out nowhere; of what is forwarded the way may be unknown.
      if (!is_forwarded_ && !out.is_negated) return false;
      if (is_forwarded_ && flow_.out.empty()) is_sure = false;
      if (is_forwarded_ && !flow_.out.empty() && !out.matches(flow_.out)) return false;
    }
    return true;
  }

  Outcome follow(const FilterChain& chain, Stream here, int depth) {
    Outcome outcome;
    if (depth > kMaxJumps) return give_up(here, "more jumps than the kernel allows");
    for (const auto& rule : chain.rules) {
      if (++steps_ > kMaxSteps) {
        here = give_up(here, "more rules than are followed").accepted;
        outcome.accepted.add(here);
        break;
      }
      if (here.perhaps.is_empty()) break;
      const auto matched = match(rule, here);
      if (!matched.sources.is_empty()) apply(chain, rule, matched, depth, here, outcome);
    }
    outcome.returned.add(here);
    return outcome;
  }

  // Nothing is known of what `here` becomes.
  Outcome give_up(const Stream& here, std::string_view why) {
    doubt(why);
    return {.accepted = {{}, here.perhaps}, .returned = {{}, here.perhaps}};
  }

  void doubt(std::string_view text) {
    if (passage_.doubts.size() < kMaxDoubts &&
        (passage_.doubts.empty() || passage_.doubts.back() != text))
      passage_.doubts.emplace_back(text);
  }

  void apply(const FilterChain& chain, const FilterRule& rule, const Matched& matched, int depth,
             Stream& here, Outcome& outcome) {
    if (rule.action == Action::kContinue) return;
    if (!rule.is_complete()) doubt(place(*table_, chain, rule) + ": not understood");
    if (rule.action == Action::kNotrack) {
      may_be_untracked_ = true;
      return;
    }
    const bool at_calm = matched.is_sure && !rule.when.is_over_limit;
    const Stream matching{at_calm ? here.surely.within(matched.sources) : AddressSet(),
                          matched.sources};
    // A rule with a rate lets packets by at one time or another; and the sender chooses the port
    // that it sends from.
    if (!rule.when.is_over_limit) here.surely = here.surely.minus(matched.sources);
    if (at_calm && !rule.when.is_limited && !rule.when.source_ports)
      here.perhaps = here.perhaps.minus(matched.sources);
    decide(chain, rule, matching, depth, here, outcome);
  }

  void decide(const FilterChain& chain, const FilterRule& rule, const Stream& matching, int depth,
              Stream& here, Outcome& outcome) {
    switch (rule.action) {
      case Action::kAccept:
      case Action::kSnat: accept(chain, rule, matching, outcome); return;
      case Action::kDrop:
      case Action::kReject: stop_ = place(*table_, chain, rule); return;
      case Action::kReturn: outcome.returned.add(matching); return;
      case Action::kJump:
      case Action::kGoto: jump(rule, matching, depth, here, outcome); return;
      case Action::kDnat:
      case Action::kRedirect: translate(chain, rule, matching, outcome); return;
      default: outcome.accepted.perhaps = outcome.accepted.perhaps.plus(matching.perhaps); return;
    }
  }

  void accept(const FilterChain& chain, const FilterRule& rule, const Stream& matching,
              Outcome& outcome) {
    if (!is_accept_a_rule_ || (!is_accept_sure_ && !matching.surely.is_empty())) {
      accept_ = place(*table_, chain, rule);
      is_accept_a_rule_ = true;
      is_accept_sure_ = !matching.surely.is_empty();
    }
    outcome.accepted.add(matching);
  }

  void jump(const FilterRule& rule, const Stream& matching, int depth, Stream& here,
            Outcome& outcome) {
    const auto* target = table_->chain(rule.target);
    auto inner = target == nullptr ? give_up(matching, "a jump to a chain that is not there")
                                   : follow(*target, matching, depth + 1);
    outcome.accepted.add(inner.accepted);
    if (rule.action == Action::kGoto)
      outcome.returned.add(inner.returned);
    else
      here.add(inner.returned);
  }

  // To the same port of this machine is no other flow.
  void translate(const FilterChain& chain, const FilterRule& rule, const Stream& matching,
                 Outcome& outcome) {
    if (rule.action == Action::kRedirect && rule.is_complete() &&
        rule.new_port.value_or(static_cast<std::uint16_t>(flow_.port)) == flow_.port) {
      outcome.accepted.add(matching);
      return;
    }
    passage_.translations.push_back({.why = place(*table_, chain, rule),
                                     .is_sure = !matching.surely.is_empty(),
                                     .address = rule.new_address,
                                     .port = rule.new_port});
    stop_ = passage_.translations.back().why;
  }

  const Flow& flow_;
  bool is_forwarded_;
  Stream here_;
  Passage passage_;
  const FilterTable* table_ = nullptr;
  std::string accept_;  // the rule or policy that lets packets through
  std::string stop_;    // the last that keeps packets out
  bool is_accept_a_rule_ = false;
  bool is_accept_sure_ = false;
  bool may_be_untracked_ = false;
  std::size_t steps_ = 0;
};

bool may_stop_packets(const FilterChain& chain) {
  return chain.policy != Action::kAccept ||
         std::ranges::any_of(chain.rules, [](const FilterRule& rule) {
           return rule.action != Action::kAccept && rule.action != Action::kContinue;
         });
}

}  // namespace

PacketPath::PacketPath(std::span<const FilterTable> tables) {
  for (const auto& table : tables) {
    if (table.is_dormant) continue;
    for (const auto& chain : table.chains) {
      if (table.family == FilterFamily::kBridge)
        has_bridge_filter_ |= chain.hook && may_stop_packets(chain);
      for (const auto& rule : chain.rules) rules_.push_back(&rule);
      if (chain.hook) bases_.push_back({&table, &chain});
    }
  }
  std::ranges::stable_sort(bases_, {}, [](const Base& base) {
    // Hooks of the way in, then of the way through; devices come first of all.
    const int order =
        *base.chain->hook == Hook::kIngress ? -1 : static_cast<int>(*base.chain->hook);
    return std::pair(order, base.chain->priority);
  });
}

Passage PacketPath::walk(const Flow& flow, std::span<const Hook> hooks, bool is_forwarded) const {
  Walk walk(flow, is_forwarded);
  for (const auto& [table, chain] : bases_) {
    if (std::ranges::find(hooks, *chain->hook) == hooks.end()) continue;
    if (!is_seen_by(*table, flow.family)) continue;
    // Of devices that are named together each counts.
    if (*chain->hook == Hook::kIngress && chain->device.find(flow.in) == std::string::npos)
      continue;
    walk.through(*table, *chain);
  }
  auto passage = walk.finish();
  if (passage.why.empty()) passage.why = "no packet filter";
  if (has_bridge_filter_ && !passage.surely.is_empty()) {
    passage.surely = {};
    passage.doubts.emplace_back("rules of a bridge are not followed");
  }
  return passage;
}

Passage PacketPath::to_listener(const Flow& flow) const {
  static constexpr std::array kHooks = {Hook::kIngress, Hook::kPrerouting, Hook::kInput};
  return walk(flow, kHooks, false);
}

Passage PacketPath::forwarded(const Flow& flow) const {
  static constexpr std::array kHooks = {Hook::kForward};
  return walk(flow, kHooks, true);
}

std::vector<const FilterRule*> PacketPath::translations() const {
  std::vector<const FilterRule*> found;
  for (const auto* rule : rules_)
    if (rule->action == Action::kDnat || rule->action == Action::kRedirect) found.push_back(rule);
  return found;
}

std::vector<bool> PacketPath::interface_signature(std::string_view interface) const {
  std::vector<bool> signature;
  for (const auto* rule : rules_)
    for (const auto& match : rule->when.in) signature.push_back(match.matches(interface));
  for (const auto& [table, chain] : bases_)
    if (!chain->device.empty())
      signature.push_back(chain->device.find(interface) != std::string::npos);
  return signature;
}

std::vector<bool> PacketPath::destination_signature(const IpAddress& destination) const {
  std::vector<bool> signature;
  for (const auto* rule : rules_) {
    const bool has_family = destination.family == IpFamily::kV4 ? rule->when.v4 : rule->when.v6;
    if (rule->when.destination && has_family)
      signature.push_back(rule->when.destination->contains(destination.number));
  }
  return signature;
}

std::vector<IpAddress> PacketPath::named_multicasts(IpFamily family) const {
  std::vector<IpAddress> groups;
  for (const auto* rule : rules_) {
    const bool has_family = family == IpFamily::kV4 ? rule->when.v4 : rule->when.v6;
    if (!rule->when.destination || !has_family || rule->when.destination->is_empty()) continue;
    const IpAddress first{family, rule->when.destination->ranges().front().first};
    if (is_multicast(first) && std::ranges::find(groups, first) == groups.end())
      groups.push_back(first);
  }
  return groups;
}

}  // namespace assay::agent
