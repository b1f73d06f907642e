// Plain lists, hosts files, dnsmasq and AdBlock: one entry per line.
#include "agent/network/sensor/lists/list_text.h"

namespace assay::agent::sensor {
namespace {

// address=/bad.example/0.0.0.0, server=/bad.example/, local=/bad.example/
std::optional<std::string_view> dnsmasq_name(std::string_view line) {
  for (const std::string_view word : {"address=/", "server=/", "local=/"}) {
    if (!line.starts_with(word)) continue;
    const auto rest = line.substr(word.size());
    const auto end = rest.find('/');
    if (end == std::string_view::npos) return std::nullopt;
    return rest.substr(0, end);
  }
  return std::nullopt;
}

// ||bad.example^ and ||bad.example^$third-party; what has a path or a wildcard is no name.
std::optional<std::string_view> adblock_name(std::string_view line) {
  if (!line.starts_with("||")) return std::nullopt;
  const auto end = line.find('^');
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(2, end - 2);
}

// Names that every hosts file has for the machine itself.
bool is_own_name(std::string_view name) {
  return name == "localhost" || name == "localhost.localdomain" || name == "local" ||
         name == "broadcasthost" || name == "0.0.0.0" || name.starts_with("ip6-");
}

void keep_domain(std::string_view name, std::uint32_t number, ParsedList* list) {
  auto domain = domain_from(name);
  if (!domain) return note_not_understood(number, list);
  ParsedEntry entry;
  entry.kind = EntryKind::kDomain;
  entry.domain = std::move(*domain);
  keep_entry(std::move(entry), number, list);
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
  if (const auto name = dnsmasq_name(line)) return keep_domain(*name, number, list);
  if (line.starts_with("||") || line.starts_with("@@")) {
    const auto name = adblock_name(line);
    return name ? keep_domain(*name, number, list) : note_not_understood(number, list);
  }
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
    const auto comment = line.find_first_of("#;!");
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
