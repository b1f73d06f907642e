#include "agent/probes/linux/network/wireless/key_file.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

std::vector<KeyFileEntry> parse_key_file(std::string_view text) {
  std::vector<KeyFileEntry> entries;
  std::string section;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    if (content.front() == '[' && content.back() == ']') {
      section = content.substr(1, content.size() - 2);
      continue;
    }
    const auto equals = content.find('=');
    if (equals == std::string_view::npos || entries.size() == kMaxKeyFileEntries) continue;
    entries.push_back({section, std::string(trimmed(content.substr(0, equals))),
                       std::string(trimmed(content.substr(equals + 1))), lines.number()});
  }
  return entries;
}

std::string_view key_file_value(const std::vector<KeyFileEntry>& entries, std::string_view section,
                                std::string_view key) {
  std::string_view value;
  for (const auto& entry : entries)
    if (entry.section == section && entry.key == key) value = entry.value;
  return value;
}

bool has_section(const std::vector<KeyFileEntry>& entries, std::string_view section) {
  return std::ranges::find(entries, section, &KeyFileEntry::section) != entries.end();
}

}  // namespace assay::agent
