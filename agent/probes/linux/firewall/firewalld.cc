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
    } else if (tag.name == "forward-port" || tag.name == "masquerade" || tag.name == "protocol" ||
               tag.name == "icmp-block" || tag.name == "icmp-block-inversion") {
      new_rule(Action::kOther).when.not_understood.push_back(text_of(tag));
    }
    return {};
  }

  Status add_service(const std::string& name) {
    if (!is_name(name) || ++services_ > kMaxServices) {
      new_rule(Action::kAccept).when.not_understood.push_back("service " + name);
      return {};
    }
    const auto file = read_layered(host_, "services/" + name + ".xml");
    if (!file && file.error().code() != Code::kNotFound) return fail(file.error());
    const auto tags = file ? parse_xml_tags(file->second) : fail(file.error());
    bool has_port = false;
    for (const auto& tag : tags ? *tags : std::vector<XmlTag>()) {
      if (tag.name != "port" || tag.attribute("port").empty()) continue;
      auto& rule = new_rule(Action::kAccept);
      rule.expression = "service " + name;
      if (!add_port(tag, false, rule)) rule.when.not_understood.push_back(text_of(tag));
      has_port = true;
    }
    if (!has_port) new_rule(Action::kAccept).when.not_understood.push_back("service " + name);
    return {};
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
