#include "agent/probes/linux/firewall/firewalld.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxTags = 10'000;
constexpr std::size_t kMaxAttributes = 32;
constexpr std::size_t kMaxZones = 200;
constexpr std::size_t kMaxServices = 200;  // of one zone
constexpr std::string_view kOwn = "/etc/firewalld/";
constexpr std::string_view kShipped = "/usr/lib/firewalld/";

std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  std::string plain;
  while (!text.empty()) {
    const auto entity = std::ranges::find_if(
        kEntities, [&](const auto& one) { return text.starts_with(one.first); });
    plain += entity == kEntities.end() ? text.front() : entity->second;
    text.remove_prefix(entity == kEntities.end() ? 1 : entity->first.size());
  }
  return plain;
}

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

// name="value" …; false when it is something else.
bool parse_attributes(std::string_view text, XmlTag& tag) {
  for (;;) {
    text = trimmed(text);
    if (text.empty()) return true;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || tag.attributes.size() == kMaxAttributes) return false;
    const auto name = trimmed(text.substr(0, equals));
    text = trimmed(text.substr(equals + 1));
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) return false;
    const auto end = text.find(text.front(), 1);
    if (end == std::string_view::npos) return false;
    tag.attributes.emplace_back(name, unescaped(text.substr(1, end - 1)));
    text.remove_prefix(end + 1);
  }
}

// The file of that name, the administrator's own before the shipped one.
Result<std::pair<std::string, std::string>> read_layered(Host& host, const std::string& name) {
  for (const auto folder : {kOwn, kShipped}) {
    const auto path = std::string(folder) + name;
    auto text = host.read_file(path, kMaxConfigBytes);
    if (text) return std::pair(path, *std::move(text));
    if (text.error().code() != Code::kNotFound) return fail(text.error());
  }
  return fail(Code::kNotFound, "reading firewalld's " + name + ": there is none");
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() < 256 && name.find('/') == std::string_view::npos &&
         !name.starts_with('.');
}

std::optional<NumberSet> port_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = decimal<std::uint32_t>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : decimal<std::uint32_t>(text.substr(dash + 1));
  if (!first || !last || *first > *last || *last > kLastPort) return std::nullopt;
  return NumberSet(*first, *last);
}

std::optional<std::uint32_t> protocol_number(std::string_view text) {
  static const std::map<std::string_view, std::uint32_t> kNumbers = {
      {"icmp", 1}, {"igmp", 2}, {"tcp", 6},        {"udp", 17},  {"ipv6", 41},  {"gre", 47},
      {"esp", 50}, {"ah", 51},  {"ipv6-icmp", 58}, {"ospf", 89}, {"vrrp", 112}, {"sctp", 132}};
  const auto known = kNumbers.find(text);
  if (known != kNumbers.end()) return known->second;
  const auto number = decimal<std::uint32_t>(text);
  return number && *number < 256 ? number : std::nullopt;
}

bool add_protocol(std::string_view text, FilterRule& rule) {
  const auto number = protocol_number(text);
  if (number) rule.when.add_protocols(NumberSet(*number, *number));
  return number.has_value();
}

// "224.0.0.251", "10.0.0.0/8"
bool add_destination(std::string_view text, IpFamily family, FilterRule& rule) {
  rule.when.add_family(family);
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address || address->family != family) return false;
  const unsigned whole = family == IpFamily::kV4 ? 32 : 128;
  const auto bits =
      slash == std::string_view::npos ? whole : decimal<unsigned>(text.substr(slash + 1));
  if (!bits || *bits > whole) return false;
  rule.when.add_destination(family, prefix_set(*address, *bits));
  return true;
}

bool add_port(const XmlTag& tag, bool is_source, FilterRule& rule) {
  static const std::map<std::string_view, std::uint32_t> kProtocols = {
      {"tcp", 6}, {"udp", 17}, {"sctp", 132}, {"dccp", 33}};
  const auto protocol = kProtocols.find(tag.attribute("protocol"));
  const auto ports = port_range(tag.attribute("port"));
  if (protocol == kProtocols.end() || !ports) return false;
  rule.when.add_protocols(NumberSet(protocol->second, protocol->second));
  if (is_source)
    rule.when.add_source_ports(*ports);
  else
    rule.when.add_destination_ports(*ports);
  return true;
}

std::string text_of(const XmlTag& tag) {
  std::string text = tag.name;
  for (const auto& [name, value] : tag.attributes) {
    text += ' ';
    text += name;
    text += '=';
    text += value;
  }
  return text;
}

class ZoneReader {
 public:
  ZoneReader(Host& host, const std::string& name, std::string file)
      : host_(host), zone_{.file = std::move(file), .table = {}} {
    zone_.table.backend = "firewalld";
    zone_.table.family = FilterFamily::kInet;
    zone_.table.name = name;
    zone_.table.chains.push_back({.name = "zone",
                                  .hook = Hook::kInput,
                                  .type = "filter",
                                  .policy = Action::kReject,
                                  .device = {},
                                  .rules = {}});
  }

  Status read(std::string_view text) {
    const auto tags = parse_xml_tags(text);
    if (!tags) return fail(tags.error().within("firewalld's zone " + zone_.table.name));
    std::string rich;
    for (const auto& tag : *tags) {
      if (tag.name == "rule" || !rich.empty()) {
        add_rich(tag, rich);
      } else if (auto added = add(tag); !added) {
        return added;
      }
    }
    return {};
  }

  [[nodiscard]] bool is_bound() const { return is_bound_; }
  FirewalldZone take() { return std::move(zone_); }

 private:
  FilterChain& chain() { return zone_.table.chains.front(); }

  FilterRule& new_rule(Action action) {
    auto& rules = chain().rules;
    rules.emplace_back();
    rules.back().position = static_cast<std::int64_t>(rules.size());
    rules.back().action = action;
    return rules.back();
  }

  Status add(const XmlTag& tag) {
    if (tag.name == "zone") {
      const auto target = tag.attribute("target");
      if (target == "ACCEPT") chain().policy = Action::kAccept;
      if (target == "DROP") chain().policy = Action::kDrop;
    } else if (tag.name == "interface" || tag.name == "source") {
      is_bound_ = true;
      new_rule(Action::kContinue).expression = "bound to " + text_of(tag);
    } else if (tag.name == "service") {
      return add_service(std::string(tag.attribute("name")));
    } else if (tag.name == "port" || tag.name == "source-port") {
      auto& rule = new_rule(Action::kAccept);
      if (!add_port(tag, tag.name == "source-port", rule))
        rule.when.not_understood.push_back(text_of(tag));
    } else if (tag.name == "protocol") {
      auto& rule = new_rule(Action::kAccept);
      if (!add_protocol(tag.attribute("value"), rule))
        rule.when.not_understood.push_back(text_of(tag));
    } else if (tag.name == "forward-port" || tag.name == "masquerade" || tag.name == "icmp-block" ||
               tag.name == "icmp-block-inversion") {
      new_rule(Action::kOther).when.not_understood.push_back(text_of(tag));
    }
    return {};
  }

  // What a service opens. It may include others, each with destinations of its own.
  Status add_service(const std::string& name) {
    std::set<std::string> done;
    std::vector<std::string> left = {name};
    while (!left.empty()) {
      const auto next = std::move(left.back());
      left.pop_back();
      if (!done.insert(next).second) continue;
      if (!is_name(next) || ++services_ > kMaxServices) {
        new_rule(Action::kAccept).when.not_understood.push_back("service " + next);
        continue;
      }
      const auto file = read_layered(host_, "services/" + next + ".xml");
      if (!file && file.error().code() != Code::kNotFound) return fail(file.error());
      const auto tags = file ? parse_xml_tags(file->second) : fail(file.error());
      bool is_known = false;
      for (const auto& tag : tags ? *tags : std::vector<XmlTag>()) {
        if (tag.name == "include") left.emplace_back(tag.attribute("service"));
        const bool opens =
            tag.name == "port" || tag.name == "source-port" || tag.name == "protocol";
        if (opens) add_opening(tag, next, *tags);
        is_known |= opens || tag.name == "include";
      }
      if (!is_known) new_rule(Action::kAccept).when.not_understood.push_back("service " + next);
    }
    return {};
  }

  // A port or protocol of a service, once for each of its destinations.
  void add_opening(const XmlTag& tag, const std::string& service, const std::vector<XmlTag>& tags) {
    const auto open = [&]() -> FilterRule& {
      auto& rule = new_rule(Action::kAccept);
      rule.expression = "service " + service;
      const auto protocol = tag.attribute(tag.name == "protocol" ? "value" : "protocol");
      const bool is_protocol = tag.name != "source-port" && tag.attribute("port").empty();
      if (!(is_protocol ? add_protocol(protocol, rule)
                        : add_port(tag, tag.name == "source-port", rule)))
        rule.when.not_understood.push_back(text_of(tag));
      return rule;
    };
    bool is_for_all = true;
    for (const auto& other : tags) {
      if (other.name != "destination") continue;
      for (const auto& [family, text] : {std::pair(IpFamily::kV4, other.attribute("ipv4")),
                                         std::pair(IpFamily::kV6, other.attribute("ipv6"))}) {
        if (text.empty()) continue;
        is_for_all = false;
        auto& rule = open();
        if (!add_destination(text, family, rule))
          rule.when.not_understood.push_back(text_of(other));
      }
    }
    if (is_for_all) (void)open();  // the rule is in the chain
  }

  // A rich rule is kept as text, from its start to its end.
  void add_rich(const XmlTag& tag, std::string& rich) {
    if (tag.name == "/rule") {
      new_rule(Action::kOther).when.not_understood.push_back(std::exchange(rich, {}));
      return;
    }
    if (!rich.empty()) rich += "; ";
    rich += text_of(tag);
  }

  Host& host_;
  FirewalldZone zone_;
  bool is_bound_ = false;
  std::size_t services_ = 0;
};

Result<std::vector<std::string>> zone_names(Host& host) {
  std::set<std::string> names;
  for (const auto folder : {kOwn, kShipped}) {
    const auto files = host.list_directory(std::string(folder) + "zones", kMaxZones);
    if (!files && files.error().code() == Code::kNotFound) continue;
    if (!files) return fail(files.error());
    for (const auto& file : *files)
      if (file.ends_with(".xml")) names.insert(file.substr(0, file.size() - 4));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace

std::string_view XmlTag::attribute(std::string_view wanted) const {
  for (const auto& [attribute_name, value] : attributes)
    if (attribute_name == wanted) return value;
  return {};
}

Result<std::vector<XmlTag>> parse_xml_tags(std::string_view text) {
  std::vector<XmlTag> tags;
  const auto unended = [] { return fail(Code::kInvalidData, "XML: a tag that does not end"); };
  for (;;) {
    const auto start = text.find('<');
    if (start == std::string_view::npos) return tags;
    text.remove_prefix(start + 1);
    if (text.starts_with("!--")) {
      const auto end = text.find("-->");
      if (end == std::string_view::npos) return unended();
      text.remove_prefix(end + 3);
      continue;
    }
    const auto end = text.find('>');
    if (end == std::string_view::npos) return unended();
    auto inside = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (inside.empty() || inside.front() == '?' || inside.front() == '!') continue;
    const bool is_empty = inside.ends_with('/');
    if (is_empty) inside.remove_suffix(1);
    const auto name = inside.substr(
        0, static_cast<std::size_t>(std::ranges::find_if(inside, is_blank) - inside.begin()));
    XmlTag tag{.name = std::string(name), .attributes = {}};
    if (!parse_attributes(inside.substr(name.size()), tag))
      return fail(Code::kInvalidData, "XML: attributes of another form");
    if (name.starts_with('/') && name != "/rule") continue;
    if (tags.size() == kMaxTags) return fail(Code::kTooLarge, "XML: too many tags");
    tags.push_back(std::move(tag));
    if (is_empty && name == "rule") tags.push_back({.name = "/rule", .attributes = {}});
  }
}

Result<std::optional<Firewalld>> read_firewalld(Host& host) {
  const auto shipped = host.status("/usr/lib/firewalld");
  if (!shipped && shipped.error().code() != Code::kNotFound) return fail(shipped.error());
  if (!shipped) return std::nullopt;
  Firewalld firewalld{.default_zone = "public", .zones = {}};
  const auto settings = host.read_file("/etc/firewalld/firewalld.conf", kMaxConfigBytes);
  if (!settings && settings.error().code() != Code::kNotFound) return fail(settings.error());
  Lines lines(settings ? std::string_view(*settings) : std::string_view());
  while (const auto line = lines.next()) {
    const auto text = trimmed(*line);
    if (text.starts_with("DefaultZone="))
      firewalld.default_zone = trimmed(text.substr(std::string_view("DefaultZone=").size()));
  }
  const auto names = zone_names(host);
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    const auto file = read_layered(host, "zones/" + name + ".xml");
    if (!file) return fail(file.error());
    ZoneReader zone(host, name, file->first);
    if (auto read = zone.read(file->second); !read) return fail(read.error());
    if (name == firewalld.default_zone || zone.is_bound()) firewalld.zones.push_back(zone.take());
  }
  return firewalld;
}

}  // namespace assay::agent
