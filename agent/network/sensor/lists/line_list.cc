// Plain lists, hosts files, dnsmasq and AdBlock: one entry per line.
#include <algorithm>
#include <array>

#include "agent/network/sensor/lists/list_text.h"

namespace assay::agent::sensor {
namespace {

// Names that every hosts file has for the machine itself.
bool is_own_name(std::string_view name) {
  return name == "localhost" || name == "localhost.localdomain" || name == "local" ||
         name == "broadcasthost" || name == "0.0.0.0" || name.starts_with("ip6-");
}

void keep_domain(std::string_view name, std::uint32_t number, ParsedList* list,
                 ParsedEntry entry = {}) {
  auto domain = domain_from(name);
  if (!domain) return note_not_understood(number, list);
  entry.kind = EntryKind::kDomain;
  entry.domain = std::move(*domain);
  keep_entry(std::move(entry), number, list);
}

// address=/bad.example/worse.example/0.0.0.0, server=/bad.example/, local=/bad.example/. A # in the
// last place stands for 0.0.0.0 in address=, and in server= for the servers that all other names
// are asked of. False when the line is none of these.
bool read_dnsmasq_line(std::string_view line, std::uint32_t number, ParsedList* list) {
  bool is_address = false;
  std::string_view names;
  for (const std::string_view word : {"address=/", "server=/", "local=/"}) {
    if (!line.starts_with(word)) continue;
    is_address = word.starts_with('a');
    names = line.substr(word.size());
  }
  if (names.data() == nullptr) return false;
  const auto end = names.rfind('/');
  if (end == std::string_view::npos || end == 0) {
    note_not_understood(number, list);
    return true;
  }
  const auto target = trim_list_text(names.substr(end + 1));
  names = names.substr(0, end);
  ParsedEntry entry;
  entry.is_exception = !is_address && target == "#";
  constexpr std::array<std::string_view, 5> kNowhere = {"", "0.0.0.0", "::", "127.0.0.1", "::1"};
  if (!is_address && !entry.is_exception && std::ranges::find(kNowhere, target) == kNowhere.end()) {
    note_not_understood(number, list, "a name that another server is asked for: it is not blocked");
    return true;
  }
  while (!names.empty()) {
    const auto slash = std::min(names.find('/'), names.size());
    keep_domain(names.substr(0, slash), number, list, entry);
    names = names.substr(std::min(slash + 1, names.size()));
  }
  return true;
}

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const auto comma = std::min(options.find(','), options.size());
    if (options.substr(0, comma) == wanted) return true;
    options = options.substr(std::min(comma + 1, options.size()));
  }
  return false;
}

// ||bad.example^ and ||bad.example^$third-party, @@||good.example^; what has a path or a wildcard
// is no name.
void read_adblock_line(std::string_view line, std::uint32_t number, ParsedList* list) {
  ParsedEntry entry;
  entry.is_exception = line.starts_with("@@");
  if (entry.is_exception) line.remove_prefix(2);
  const auto end = line.find('^');
  if (!line.starts_with("||") || end == std::string_view::npos)
    return note_not_understood(number, list);
  auto options = line.substr(end + 1);
  if (options.starts_with('|')) options.remove_prefix(1);
  if (options.starts_with('$')) options.remove_prefix(1);
  if (has_option(options, "badfilter"))
    return note_not_understood(number, list, "a filter that takes another one back");
  const bool is_important = has_option(options, "important");
  if (entry.is_exception && !options.empty() && options != "important")
    return note_not_understood(number, list, "an exception for some requests only");
  entry.weight = static_cast<std::uint8_t>((is_important ? 2 : 0) + (entry.is_exception ? 1 : 0));
  keep_domain(line.substr(2, end - 2), number, list, entry);
}

// 0.0.0.0 bad.example worse.example
bool read_hosts_line(std::string_view line, std::uint32_t number, ParsedList* list) {
  const auto address = address_from(take_list_word(&line));
  if (!address || line.empty() || is_public(*address)) return false;
  while (!line.empty()) {
    const auto name = take_list_word(&line);
    if (!is_own_name(name)) keep_domain(name, number, list);
  }
  return true;
}

void read_line(std::string_view line, std::uint32_t number, ParsedList* list) {
  if (read_dnsmasq_line(line, number, list)) return;
  if (line.starts_with("||") || line.starts_with("@@"))
    return read_adblock_line(line, number, list);
  if (read_hosts_line(line, number, list)) return;
  auto rest = line;
  const auto word = take_list_word(&rest);
  auto entry = rest.empty() ? parse_indicator(word) : std::nullopt;
  if (!entry) return note_not_understood(number, list);
  keep_entry(std::move(*entry), number, list);
}

}  // namespace

void parse_lines(std::string_view text, ParsedList* list) {
  each_list_line(text, [&](std::string_view line, std::uint32_t number) {
    if (line.size() > kMaxListLine) return note_not_understood(number, list);
    auto comment = line.find_first_of("#;!");
    // dnsmasq has a # that is none.
    if (comment != std::string_view::npos && comment > 0 && line[comment - 1] == '/')
      comment = line.find_first_of("#;!", comment + 1);
    const bool is_adblock = line.starts_with("||") || line.starts_with("@@");
    if (comment != std::string_view::npos && !is_adblock) {
      if (list->date.empty()) list->date = date_in(line.substr(comment));
      line = line.substr(0, comment);
    }
    line = trim_list_text(line);
    if (line.empty() || line.starts_with("[Adblock")) return;  // "[Adblock Plus 2.0]"
    read_line(line, number, list);
  });
}

}  // namespace assay::agent::sensor
