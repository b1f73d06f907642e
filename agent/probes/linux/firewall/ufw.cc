#include "agent/probes/linux/firewall/ufw.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kTuple = "### tuple ###";
constexpr std::size_t kMaxWords = 16;
constexpr std::size_t kMaxText = 300;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < kMaxWords) {
    text = trimmed(text);
    if (text.empty()) break;
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// "any", "22", "80,443", "8000:8100"
std::optional<NumberSet> ports(std::string_view text) {
  std::vector<NumberSet::Range> ranges;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto colon = part.find(':');
    const auto first = decimal<std::uint32_t>(part.substr(0, colon));
    const auto last =
        colon == std::string_view::npos ? first : decimal<std::uint32_t>(part.substr(colon + 1));
    if (!first || !last || *first > *last || *last > kLastPort) return std::nullopt;
    ranges.push_back({*first, *last});
  }
  if (ranges.empty()) return std::nullopt;
  return NumberSet::of(std::move(ranges));
}

bool add_ports(std::string_view text, std::optional<NumberSet>& have) {
  if (text == "any") return true;
  have = ports(text);
  return have.has_value();
}

bool add_address(std::string_view text, IpFamily family, std::optional<AddressSet>& have) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address || address->family != family) return false;
  const unsigned bits = family == IpFamily::kV4 ? 32 : 128;
  if (slash == std::string_view::npos) {
    have = prefix_set(*address, bits);
    return true;
  }
  const auto length = text.substr(slash + 1);
  if (const auto number = decimal<unsigned>(length); number && *number <= bits) {
    if (*number != 0) have = prefix_set(*address, *number);
    return true;
  }
  const auto mask = parse_address(length);
  if (mask && mask->family == family) have = masked_set(*address, *mask);
  return have.has_value();
}

bool set_action(std::string_view word, FilterRule& rule) {
  word = word.substr(0, word.find('_'));  // _log and _log-all
  if (word == "allow" || word == "limit") rule.action = Action::kAccept;
  if (word == "limit") append_expression(rule.expression, "limit");
  if (word == "limit") rule.when.is_limited = true;
  if (word == "deny") rule.action = Action::kDrop;
  if (word == "reject") rule.action = Action::kReject;
  return rule.action != Action::kContinue;
}

bool add_protocol(std::string_view word, Conditions& when) {
  if (word == "any") return true;
  static const std::map<std::string_view, std::uint32_t> kNumbers = {
      {"tcp", 6}, {"udp", 17}, {"esp", 50}, {"ah", 51}, {"gre", 47}, {"igmp", 2}, {"ipv6", 41}};
  const auto number = kNumbers.find(word);
  if (number == kNumbers.end()) return false;
  when.add_protocols(NumberSet(number->second, number->second));
  return true;
}

// "in", "out_eth0", "in_eth0!out_eth1"
bool add_directions(std::string_view word, Hook& hook, Conditions& when) {
  while (!word.empty()) {
    const auto part = word.substr(0, word.find('!'));
    word.remove_prefix(std::min(part.size() + 1, word.size()));
    const auto direction = part.substr(0, part.find('_'));
    if (direction != "in" && direction != "out") return false;
    if (hook != Hook::kForward && direction == "out") hook = Hook::kOutput;
    if (part.size() == direction.size()) continue;
    auto name = std::string(part.substr(direction.size() + 1));
    if (name.ends_with('+')) name.back() = '*';
    (direction == "in" ? when.in : when.out).push_back({{std::move(name)}, false});
  }
  return true;
}

struct Parsed {
  FilterRule rule;
  Hook hook = Hook::kInput;
};

bool parse_tuple(std::string_view text, IpFamily family, Parsed& parsed) {
  auto words = words_of(text);
  if (!words.empty() && words.back().starts_with("comment=")) words.pop_back();
  // action protocol dport dst sport src [dapp sapp] direction
  if (words.size() != 7 && words.size() != 9) return false;
  auto action = words[0];
  if (action.starts_with("route:")) {
    action.remove_prefix(6);
    parsed.hook = Hook::kForward;
  }
  auto& when = parsed.rule.when;
  return set_action(action, parsed.rule) && add_protocol(words[1], when) &&
         add_ports(words[2], when.destination_ports) &&
         add_address(words[3], family, when.destination) &&
         add_ports(words[4], when.source_ports) && add_address(words[5], family, when.source) &&
         add_directions(words.back(), parsed.hook, when);
}

constexpr std::array kHooks = {Hook::kInput, Hook::kOutput, Hook::kForward};

std::size_t chain_of(Hook hook) {
  return static_cast<std::size_t>(std::ranges::find(kHooks, hook) - kHooks.begin());
}

// The value of NAME=value or NAME="value" in a file of shell assignments; the last one counts.
std::string setting(std::string_view text, std::string_view name) {
  std::string value;
  Lines lines(text);
  while (const auto line = lines.next()) {
    auto rest = trimmed(*line);
    if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with('=')) continue;
    rest = trimmed(rest.substr(name.size() + 1));
    if (rest.size() >= 2 && (rest.front() == '"' || rest.front() == '\''))
      rest = rest.substr(1, rest.find(rest.front(), 1) - 1);
    value = rest;
  }
  return value;
}

Action policy(std::string_view word, Action otherwise) {
  if (word == "ACCEPT") return Action::kAccept;
  if (word == "DROP") return Action::kDrop;
  if (word == "REJECT") return Action::kReject;
  return otherwise;
}

// The file, or empty text when it does not exist.
Result<std::string> read_if_there(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::string();
  return text;
}

void set_policies(const Ufw& ufw, FilterTable& table) {
  table.chains[0].policy = ufw.input;
  table.chains[1].policy = ufw.output;
  table.chains[2].policy = ufw.forward;
}

}  // namespace

FilterTable parse_ufw_rules(std::string_view text, IpFamily family) {
  FilterTable table{.backend = "ufw",
                    .family = family == IpFamily::kV4 ? FilterFamily::kIp : FilterFamily::kIp6,
                    .name = "user",
                    .chains = {}};
  for (const auto hook : kHooks)
    table.chains.push_back({.name = std::string(name_of(hook)),
                            .hook = hook,
                            .type = "filter",
                            .device = {},
                            .rules = {}});
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (!line->starts_with(kTuple)) continue;
    const auto tuple = trimmed(line->substr(kTuple.size()));
    Parsed parsed;
    (family == IpFamily::kV4 ? parsed.rule.when.v6 : parsed.rule.when.v4) = false;
    if (!parse_tuple(tuple, family, parsed)) {
      parsed.rule.when.not_understood.emplace_back(tuple.substr(0, kMaxText));
      if (parsed.rule.action == Action::kContinue) parsed.rule.action = Action::kOther;
    }
    auto& rules = table.chains[chain_of(parsed.hook)].rules;
    parsed.rule.position = static_cast<std::int64_t>(rules.size()) + 1;
    rules.push_back(std::move(parsed.rule));
  }
  return table;
}

Result<std::optional<Ufw>> read_ufw(Host& host) {
  const auto settings = host.read_file("/etc/ufw/ufw.conf", kMaxConfigBytes);
  if (!settings && settings.error().code() == Code::kNotFound) return std::nullopt;
  if (!settings) return fail(settings.error());
  const auto defaults = read_if_there(host, "/etc/default/ufw");
  if (!defaults) return fail(defaults.error());
  const auto v4 = read_if_there(host, kUfwRules);
  if (!v4) return fail(v4.error());
  const auto v6 = read_if_there(host, kUfwRules6);
  if (!v6) return fail(v6.error());
  Ufw ufw{.is_enabled = setting(*settings, "ENABLED") == "yes",
          .has_ipv6 = setting(*defaults, "IPV6") != "no",
          .input = policy(setting(*defaults, "DEFAULT_INPUT_POLICY"), Action::kDrop),
          .output = policy(setting(*defaults, "DEFAULT_OUTPUT_POLICY"), Action::kAccept),
          .forward = policy(setting(*defaults, "DEFAULT_FORWARD_POLICY"), Action::kDrop),
          .rules = parse_ufw_rules(*v4, IpFamily::kV4),
          .rules6 = parse_ufw_rules(*v6, IpFamily::kV6)};
  set_policies(ufw, ufw.rules);
  set_policies(ufw, ufw.rules6);
  return ufw;
}

}  // namespace assay::agent
