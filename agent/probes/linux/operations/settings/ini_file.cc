#include "agent/probes/linux/operations/settings/ini_file.h"

#include "agent/probes/linux/operations/settings/setting_files.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

Result<std::vector<IniEntry>> parse_ini(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<IniEntry> entries;
  std::string_view section;
  Lines lines(text);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      section = line.substr(1, line.find(']') - 1);
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    if (entries.size() == kMaxIniEntries) return fail(Code::kTooLarge, "too many settings");
    entries.push_back({section, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)),
                       lines.number()});
  }
  return entries;
}

const IniEntry* find_entry(const std::vector<IniEntry>& entries, std::string_view section,
                           std::string_view key) {
  const IniEntry* found = nullptr;
  for (const auto& entry : entries)
    if (equals_ignoring_case(entry.section, section) && equals_ignoring_case(entry.key, key))
      found = &entry;
  return found;
}

}  // namespace assay::agent
