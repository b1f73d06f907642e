#include "agent/probes/linux/firewall/nft_ruleset.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/firewall/nft_match.h"
#include "agent/probes/linux/firewall/nft_value.h"
#include "agent/probes/linux/firewall/xt_extension.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxVerdicts = 10'000;  // of one map
constexpr std::size_t kMaxText = 300;
constexpr std::size_t kMaxRules = 200'000;

using Extensions = std::map<std::uint64_t, const NftRuleExtensions*>;  // by handle

std::string short_text(const Json& value) {
  auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMaxText) text.resize(kMaxText), text += "…";
  return text;
}

// Nothing when counters were left out.
std::optional<PacketCount> count_in(const Json& counter) {
  const auto number = [&](const char* name) -> std::optional<std::int64_t> {
    const Json* value = nft_member(counter, name);
    if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
    return static_cast<std::int64_t>(
        std::min(value->get<std::uint64_t>(), std::uint64_t{INT64_MAX}));
  };
  const auto packets = number("packets");
  const auto bytes = number("bytes");
  if (!packets || !bytes) return std::nullopt;
  return PacketCount{.packets = *packets, .bytes = *bytes};
}

// What is known of one table while its rules are read.
struct TableContext {
  FilterTable table;
  NftSets sets;
  std::map<std::string, PacketCount, std::less<>> counters;   // that rules refer to by name
  std::map<std::string, Extensions, std::less<>> extensions;  // by chain
};

// Statements that neither decide nor change what later rules compare.
constexpr std::array<std::string_view, 9> kHarmless = {
    "counter", "log", "continue", "set", "map", "dup", "flow", "ct helper", "ct timeout"};
constexpr std::array<std::string_view, 4> kHarmlessMangles = {"meta", "ct", "tcp option", "exthdr"};

class RuleReader {
 public:
  RuleReader(const TableContext& context, const Json& rule, std::int64_t position)
      : context_(context), json_(rule) {
    rule_.position = position;
    find_extensions();
  }

  std::vector<FilterRule> read() {
    const auto comment = nft_text(json_, "comment");
    if (!comment.empty()) append_expression(rule_.expression, "comment " + std::string(comment));
    const Json* expressions = nft_member(json_, "expr");
    if (expressions == nullptr || !expressions->is_array()) {
      rule_.action = Action::kOther;
      rule_.when.not_understood.emplace_back("a rule without statements");
      return {rule_};
    }
    for (const auto& statement : *expressions) {
      if (!statement.is_object() || statement.size() != 1) {
        rule_.action = Action::kOther;
        rule_.when.not_understood.push_back(short_text(statement));
        continue;
      }
      add(statement.begin().key(), statement.begin().value());
    }
    if (rules_.empty()) rules_.push_back(rule_);
    return std::move(rules_);
  }

 private:
  void find_extensions() {
    const Json* handle = nft_member(json_, "handle");
    if (handle == nullptr || !handle->is_number_unsigned()) return;
    const auto chain = context_.extensions.find(nft_text(json_, "chain"));
    if (chain == context_.extensions.end()) return;
    const auto found = chain->second.find(handle->get<std::uint64_t>());
    if (found != chain->second.end()) extensions_ = found->second;
  }

  void not_understood(std::string_view name, const Json& value) {
    auto text = std::string(name);
    if (!value.is_null()) text += " " + short_text(value);
    rule_.when.not_understood.push_back(std::move(text));
  }

  void add(const std::string& name, const Json& value) {
    if (name == "match")
      add_nft_match(value, context_.sets, rule_);
    else if (name == "vmap")
      add_verdict_map(value);
    else if (name == "limit" || name == "ct count")
      add_limit(name, value);
    else if (name == "xt")
      add_extension(value);
    else if (name == "mangle")
      add_mangle(value);
    else if (std::ranges::find(kHarmless, name) != kHarmless.end())
      add_harmless(name, value);
    else if (!set_verdict(name, value, rule_)) {
      rule_.action = Action::kOther;
      not_understood(name, value);
    }
  }

  void add_counter(const Json& value) {
    if (!value.is_string()) {
      rule_.count = count_in(value);
      return;
    }
    const auto named = context_.counters.find(value.get_ref<const std::string&>());
    if (named != context_.counters.end()) rule_.count = named->second;
  }

  void add_harmless(std::string_view name, const Json& value) {
    if (name == "counter") add_counter(value);
    // Elements of a set may have limits of their own: then the statement also decides.
    if ((name == "set" || name == "map") && nft_member(value, "stmt") != nullptr)
      not_understood(name, value);
    else if (name != "counter" && name != "continue")
      append_expression(rule_.expression, value.is_null()
                                              ? std::string(name)
                                              : std::string(name) + " " + short_text(value));
  }

  void add_limit(std::string_view name, const Json& value) {
    const Json* inverted = nft_member(value, "inv");
    const bool is_over = inverted != nullptr && *inverted == true;
    // "over 0 connections" is all of them.
    const Json* count = nft_member(value, "val");
    if (!value.is_object() || (name == "ct count" && (count == nullptr || *count == 0))) {
      not_understood(name, value);
      return;
    }
    (is_over ? rule_.when.is_over_limit : rule_.when.is_limited) = true;
    append_expression(rule_.expression, std::string(name) + " " + short_text(value));
  }

  void add_mangle(const Json& value) {
    const Json* key = nft_member(value, "key");
    const bool is_harmless =
        key != nullptr && key->is_object() && key->size() == 1 &&
        std::ranges::find(kHarmlessMangles, key->begin().key()) != kHarmlessMangles.end();
    if (!is_harmless) rule_.action = Action::kOther;
    if (!is_harmless)
      not_understood("mangle", value);
    else
      append_expression(rule_.expression, "set " + short_text(value));
  }

  // {"xt": …} holds at most a name; the kernel's own data, in the same order, says the rest.
  void add_extension(const Json& value) {
    if (extensions_ == nullptr || next_extension_ >= extensions_->extensions.size()) {
      rule_.action = Action::kOther;
      not_understood("xt", value);
      return;
    }
    const auto& extension = extensions_->extensions[next_extension_++];
    if (const auto name = nft_text(value, "name"); !name.empty() && name != extension.name) {
      rule_.action = Action::kOther;
      not_understood("xt", value);
      return;
    }
    const auto family = context_.table.family == FilterFamily::kIp6 ? IpFamily::kV6 : IpFamily::kV4;
    if (extension.is_target)
      add_xt_target(family, extension.name, extension.revision, extension.data, rule_);
    else
      add_xt_match(family, extension.name, extension.revision, extension.data, rule_);
  }

  // A map from a value to a verdict is as many rules as it has elements; they exclude one another.
  void add_verdict_map(const Json& value) {
    const Json* key = nft_member(value, "key");
    const Json* data = nft_member(value, "data");
    const Json* elements = data == nullptr ? nullptr : nft_member(*data, "set");
    if (data != nullptr && !nft_set_name(*data).empty()) {
      const auto named = context_.sets.find(std::string_view(nft_set_name(*data)).substr(1));
      if (named != context_.sets.end()) {
        static const Json kNoElements = Json::array();
        elements = named->second == nullptr ? &kNoElements : named->second;
      }
    }
    if (key == nullptr || elements == nullptr || !elements->is_array() ||
        elements->size() > kMaxVerdicts || !rules_.empty()) {
      rule_.action = Action::kOther;
      not_understood("vmap", value);
      return;
    }
    for (const auto& element : *elements) rules_.push_back(verdict_of(*key, element));
    if (rules_.empty()) rules_.push_back(rule_);  // an empty map decides nothing
  }

  FilterRule verdict_of(const Json& key, const Json& element) {
    auto rule = rule_;
    const bool is_pair = element.is_array() && element.size() == 2 && element[1].is_object() &&
                         element[1].size() == 1;
    if (is_pair) add_nft_equal(key, nft_plain(element[0]), context_.sets, rule);
    if (!is_pair || !set_verdict(element[1].begin().key(), element[1].begin().value(), rule)) {
      rule.action = Action::kOther;
      rule.when.not_understood.push_back("vmap " + short_text(element));
    }
    return rule;
  }

  static bool set_verdict(std::string_view name, const Json& value, FilterRule& rule) {
    static const std::map<std::string_view, Action> kPlain = {
        {"accept", Action::kAccept},     {"drop", Action::kDrop},
        {"continue", Action::kContinue}, {"return", Action::kReturn},
        {"notrack", Action::kNotrack},   {"snat", Action::kSnat},
        {"masquerade", Action::kSnat}};
    if (const auto plain = kPlain.find(name); plain != kPlain.end()) {
      rule.action = plain->second;
      return true;
    }
    if (name == "reject") return set_reject(value, rule);
    if (name == "jump" || name == "goto") {
      rule.action = name == "jump" ? Action::kJump : Action::kGoto;
      rule.target = nft_text(value, "target");
      return !rule.target.empty();
    }
    if (name == "dnat" || name == "redirect") {
      rule.action = name == "dnat" ? Action::kDnat : Action::kRedirect;
      return set_translation(value, rule);
    }
    return false;
  }

  // The library leaves a comparison out that follows from the kind of the answer.
  static bool set_reject(const Json& value, FilterRule& rule) {
    rule.action = Action::kReject;
    const auto type = nft_text(value, "type");
    if (type == "icmp") rule.when.add_family(IpFamily::kV4);
    if (type == "icmpv6") rule.when.add_family(IpFamily::kV6);
    if (type == "tcp reset") rule.when.add_protocols(NumberSet(6, 6));
    return true;
  }

  static bool set_translation(const Json& value, FilterRule& rule) {
    const auto family = nft_text(value, "family");
    if (family == "ip") rule.when.add_family(IpFamily::kV4);
    if (family == "ip6") rule.when.add_family(IpFamily::kV6);
    if (const Json* address = nft_member(value, "addr")) {
      if (address->is_string()) rule.new_address = parse_address(address->get<std::string>());
      if (!rule.new_address) rule.when.not_understood.push_back("to " + short_text(*address));
    }
    if (const Json* port = nft_member(value, "port")) {
      if (port->is_number_unsigned() && *port <= kLastPort)
        rule.new_port = port->get<std::uint16_t>();
      else
        rule.when.not_understood.push_back("to port " + short_text(*port));
    }
    rule.target = rule.new_address ? to_text(*rule.new_address) : std::string();
    if (rule.new_port) rule.target += ":" + std::to_string(*rule.new_port);
    return true;
  }

  const TableContext& context_;
  const Json& json_;
  const NftRuleExtensions* extensions_ = nullptr;
  std::size_t next_extension_ = 0;
  FilterRule rule_;
  std::vector<FilterRule> rules_;  // when there are several of one
};

using Tables = std::map<std::pair<std::string, std::string>, TableContext>;  // family, name

TableContext* table_of(Tables& tables, const Json& object, const char* name) {
  const auto found =
      tables.find({std::string(nft_text(object, "family")), std::string(nft_text(object, name))});
  return found == tables.end() ? nullptr : &found->second;
}

bool has_flag(const Json& object, std::string_view flag) {
  const Json* flags = nft_member(object, "flags");
  if (flags == nullptr) return false;
  if (flags->is_string()) return *flags == flag;
  return flags->is_array() &&
         std::ranges::any_of(*flags, [&](const Json& each) { return each == flag; });
}

bool add_table(const Json& object, Tables& tables) {
  const auto family = family_named(nft_text(object, "family"));
  if (!family) return false;
  auto& context =
      tables[{std::string(nft_text(object, "family")), std::string(nft_text(object, "name"))}];
  context.table.backend = "nftables";
  context.table.family = *family;
  context.table.name = nft_text(object, "name");
  context.table.is_dormant = has_flag(object, "dormant");
  return true;
}

std::string device_of(const Json& object) {
  const Json* device = nft_member(object, "dev");
  if (device == nullptr) return {};
  return device->is_string() ? device->get<std::string>() : short_text(*device);
}

bool add_chain(const Json& object, Tables& tables) {
  auto* context = table_of(tables, object, "table");
  if (context == nullptr) return false;
  FilterChain chain{.name = std::string(nft_text(object, "name")),
                    .hook = {},
                    .type = std::string(nft_text(object, "type")),
                    .device = device_of(object),
                    .rules = {}};
  const auto hook = nft_text(object, "hook");
  if (!hook.empty()) {
    chain.hook = hook_named(hook);
    if (!chain.hook) return false;
    const Json* priority = nft_member(object, "prio");
    if (priority == nullptr || !priority->is_number_integer()) return false;
    chain.priority = priority->get<std::int64_t>();
    chain.policy = nft_text(object, "policy") == "drop" ? Action::kDrop : Action::kAccept;
  }
  context->table.chains.push_back(std::move(chain));
  return true;
}

bool add_set(const Json& object, Tables& tables) {
  auto* context = table_of(tables, object, "table");
  if (context == nullptr) return false;
  context->sets.emplace(nft_text(object, "name"), nft_member(object, "elem"));
  return true;
}

bool add_counter(const Json& object, Tables& tables) {
  auto* context = table_of(tables, object, "table");
  if (context == nullptr) return false;
  if (const auto count = count_in(object))
    context->counters.emplace(nft_text(object, "name"), *count);
  return true;
}

bool add_rule(const Json& object, Tables& tables) {
  auto* context = table_of(tables, object, "table");
  if (context == nullptr) return false;
  const auto chain =
      std::ranges::find(context->table.chains, nft_text(object, "chain"), &FilterChain::name);
  if (chain == context->table.chains.end()) return false;
  if (chain->rules.size() > kMaxRules) return false;
  const auto position = chain->rules.empty() ? 1 : chain->rules.back().position + 1;
  auto rules = RuleReader(*context, object, position).read();
  std::ranges::move(rules, std::back_inserter(chain->rules));
  return true;
}

// The numbers of the kernel for families.
std::string_view family_name(std::uint8_t number) {
  switch (number) {
    case 1: return "inet";
    case 2: return "ip";
    case 3: return "arp";
    case 5: return "netdev";
    case 7: return "bridge";
    case 10: return "ip6";
    default: return {};
  }
}

void place_extensions(std::span<const NftRuleExtensions> extensions, Tables& tables) {
  for (const auto& rule : extensions) {
    const auto found = tables.find({std::string(family_name(rule.family)), rule.table});
    if (found != tables.end()) found->second.extensions[rule.chain][rule.handle] = &rule;
  }
}

using Adder = bool (*)(const Json& object, Tables& tables);

// Objects of a kind refer to those of kinds before.
constexpr std::array<std::array<std::string_view, 2>, 5> kKinds = {
    {{"table", ""}, {"chain", ""}, {"set", "map"}, {"counter", ""}, {"rule", ""}}};
constexpr std::array<Adder, 5> kAdders = {add_table, add_chain, add_set, add_counter, add_rule};

}  // namespace

Result<std::vector<FilterTable>> parse_nft_ruleset(std::string_view json,
                                                   std::span<const NftRuleExtensions> extensions) {
  const auto root = Json::parse(json, nullptr, false);
  const Json* objects = nft_member(root, "nftables");
  if (root.is_discarded() || objects == nullptr || !objects->is_array())
    return fail(Code::kInvalidData, "nftables' rules are not the JSON that libnftables prints");
  Tables tables;
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    if (kKinds[kind][0] == "rule") place_extensions(extensions, tables);
    for (const auto& object : *objects) {
      if (!object.is_object() || object.size() != 1) continue;
      const auto& name = object.begin().key();
      if (name != kKinds[kind][0] && name != kKinds[kind][1]) continue;
      if (!kAdders[kind](object.begin().value(), tables))
        return fail(Code::kInvalidData,
                    "nftables' rules: a " + name + " that does not fit: " + short_text(object));
    }
  }
  std::vector<FilterTable> all;
  for (auto& [name, context] : tables) all.push_back(std::move(context.table));
  return all;
}

}  // namespace assay::agent
