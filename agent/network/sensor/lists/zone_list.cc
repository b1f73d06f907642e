// Response policy zones (draft-vixie-dnsop-dns-rpz): what a name server shall refuse, as a zone.
#include <algorithm>
#include <array>
#include <charconv>

#include "agent/network/sensor/lists/list_text.h"

namespace assay::agent::sensor {
namespace {

bool is_same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

bool is_type(std::string_view word, std::string_view type) {
  return is_same(word, type);
}

// 24.0.2.0.192 is 192.0.2.0/24; 48.zz.8.db8.2001 … with zz for "::" is IPv6.
std::optional<Network> network_of_trigger(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find('.'), text.size());
    parts.push_back(text.substr(0, end));
    text = text.substr(std::min(end + 1, text.size()));
    if (parts.size() > 9) return std::nullopt;
  }
  if (parts.size() < 3) return std::nullopt;
  const auto bits = parts.front();
  const bool is_v4 = parts.size() == 5 && std::ranges::none_of(parts, [](std::string_view part) {
                       return part == "zz";
                     });
  std::string address;
  for (std::size_t at = parts.size() - 1; at > 0; --at) {
    if (parts[at] == "zz") {
      address += address.empty() ? "::" : ":";
      continue;
    }
    address += parts[at];
    if (at > 1) address += is_v4 ? '.' : ':';
  }
  return network_from(address + "/" + std::string(bits));
}

bool ends_with_label(std::string_view name, std::string_view label) {
  return name.size() > label.size() && name.ends_with(label) &&
         name[name.size() - label.size() - 1] == '.';
}

class ZoneReader {
 public:
  explicit ZoneReader(ParsedList* list) : list_(list) {}

  void read(std::string_view line, std::uint32_t number) {
    if (const auto comment = line.find(';'); comment != std::string_view::npos) {
      if (list_->date.empty()) list_->date = date_in(line.substr(comment));
      line = line.substr(0, comment);
    }
    if (trim_list_text(line).empty()) return;
    if (const bool was_within = depth_ > 0; count_parentheses(line) || was_within) return;
    // A line that begins with a blank is about the name of the line before.
    const bool repeats_name = line.front() == ' ' || line.front() == '\t';
    line = trim_list_text(line);
    if (line.starts_with('$')) return read_directive(line);
    const auto name = repeats_name ? std::string_view(name_) : take_list_word(&line);
    read_record(std::string(name), line, number);
  }

 private:
  // True when the line belongs to a record that is spread over lines: only SOA is.
  bool count_parentheses(std::string_view line) {
    const bool is_multiline = line.find('(') != std::string_view::npos;
    for (const char each : line) {
      if (each == '(') ++depth_;
      if (each == ')' && depth_ > 0) --depth_;
    }
    return is_multiline;
  }

  void read_directive(std::string_view line) {
    if (!is_same(take_list_word(&line), "$ORIGIN")) return;
    origin_ = std::string(take_list_word(&line));
    if (origin_.ends_with('.')) origin_.pop_back();
  }

  void read_record(std::string name, std::string_view line, std::uint32_t number) {
    name_ = name;
    std::string_view type = take_list_word(&line);
    // A life time and the class may stand before the type, in either order.
    for (int count = 0; count < 2 && (is_type(type, "IN") || is_number(type)); ++count)
      type = take_list_word(&line);
    if (is_type(type, "SOA")) {
      if (zone_.empty()) zone_ = without_dot(name == "@" ? origin_ : name);
      return;
    }
    if (is_type(type, "NS") || is_type(type, "TXT") || name == "@") return;
    if (!is_type(type, "CNAME") && !is_type(type, "A") && !is_type(type, "AAAA"))
      return note_not_understood(number, list_);
    const auto target = take_list_word(&line);
    const auto what = trigger(std::move(name));
    // Not listed after all, in today's spelling and in the one of before.
    const bool is_exception =
        is_type(type, "CNAME") && (is_same(target, "rpz-passthru.") ||
                                   is_same(without_dot(std::string(target)), without_dot(what)));
    keep(what, is_exception, number);
  }

  void keep(std::string_view trigger, bool is_exception, std::uint32_t number) {
    ParsedEntry entry;
    entry.is_exception = is_exception;
    if (ends_with_label(trigger, "rpz-ip")) {
      const auto network = network_of_trigger(trigger.substr(0, trigger.size() - 7));
      if (!network) return note_not_understood(number, list_);
      entry.kind = network->bits == 128 ? EntryKind::kAddress : EntryKind::kNetwork;
      entry.network = *network;
      return keep_entry(std::move(entry), number, list_);
    }
    for (const std::string_view other : {"rpz-client-ip", "rpz-nsip", "rpz-nsdname"})
      if (ends_with_label(trigger, other)) return note_not_understood(number, list_);
    entry.kind = EntryKind::kDomain;
    entry.reach = Reach::kItOnly;
    if (trigger.starts_with("*.")) {
      trigger.remove_prefix(2);
      entry.reach = Reach::kBelowOnly;
    }
    auto domain = domain_from(trigger);
    if (!domain) return note_not_understood(number, list_);
    entry.domain = std::move(*domain);
    keep_entry(std::move(entry), number, list_);
  }

  // The name without the zone's own, which a full name (with a last dot) ends with.
  std::string trigger(std::string name) {
    if (!name.ends_with('.')) return name;
    name.pop_back();
    for (const auto* zone : {&zone_, &origin_})
      if (!zone->empty() && ends_with_label(name, *zone)) {
        name.resize(name.size() - zone->size() - 1);
        break;
      }
    return name;
  }

  static std::string without_dot(std::string name) {
    if (name.ends_with('.')) name.pop_back();
    return name;
  }
  static bool is_number(std::string_view word) {
    return !word.empty() && word.front() >= '0' && word.front() <= '9';
  }

  ParsedList* list_;
  std::string origin_;
  std::string zone_;
  std::string name_;
  int depth_ = 0;
};

}  // namespace

bool looks_like_zone(std::string_view text) {
  bool is_zone = false;
  int looked = 0;
  each_list_line(text.substr(0, kMaxListLine), [&](std::string_view line, std::uint32_t) {
    line = trim_list_text(line.substr(0, line.find(';')));
    if (line.empty() || looked > 50) return;
    ++looked;
    if (line.starts_with("$TTL") || line.starts_with("$ORIGIN")) is_zone = true;
    while (!line.empty()) {
      const auto word = take_list_word(&line);
      if (word == "SOA" || word == "CNAME") is_zone = true;
    }
  });
  return is_zone;
}

void parse_zone(std::string_view text, ParsedList* list) {
  ZoneReader reader(list);
  each_list_line(text, [&](std::string_view line, std::uint32_t number) {
    if (line.size() > kMaxListLine) return note_not_understood(number, list);
    reader.read(line, number);
  });
}

}  // namespace assay::agent::sensor
