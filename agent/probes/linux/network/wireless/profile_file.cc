#include "agent/probes/linux/network/wireless/profile_file.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

std::vector<ProfileEntry> parse_profile_file(std::string_view text) {
  std::vector<ProfileEntry> entries;
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
    if (equals == std::string_view::npos || entries.size() == kMaxProfileEntries) continue;
    entries.push_back({section, std::string(trimmed(content.substr(0, equals))),
                       std::string(trimmed(content.substr(equals + 1))), lines.number()});
  }
  return entries;
}

std::string_view profile_value(const std::vector<ProfileEntry>& entries, std::string_view section,
                               std::string_view key) {
  std::string_view value;
  for (const auto& entry : entries)
    if (entry.section == section && entry.key == key) value = entry.value;
  return value;
}

bool has_profile_section(const std::vector<ProfileEntry>& entries, std::string_view section) {
  return std::ranges::find(entries, section, &ProfileEntry::section) != entries.end();
}

}  // namespace assay::agent
