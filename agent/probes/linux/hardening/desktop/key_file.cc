#include "agent/probes/linux/hardening/desktop/key_file.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kLock = "[$i]";

// Takes KDE's mark off the end of `name`.
bool take_lock(std::string_view& name) {
  const auto at = name.find("[$");
  if (at == std::string_view::npos) return false;
  const bool is_locked = name.find('i', at) != std::string_view::npos;
  name = name.substr(0, at);
  return is_locked;
}

}  // namespace

std::vector<DesktopKey> parse_desktop_keys(std::string_view text) {
  std::vector<DesktopKey> parsed;
  std::string group;
  bool is_file_locked = false;
  bool is_group_locked = false;
  Lines lines(text);
  while (const auto line = lines.next()) {
    auto content = trimmed(*line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (content[0] == '[') {
      if (content == kLock) {
        is_file_locked = true;
        continue;
      }
      const auto end = content.find(']');
      if (end == std::string_view::npos) continue;
      group = trimmed(content.substr(1, end - 1));
      is_group_locked = content.find(kLock, end) != std::string_view::npos;
      continue;
    }
    const auto equals = content.find('=');
    if (equals == std::string_view::npos) continue;
    auto key = trimmed(content.substr(0, equals));
    const bool is_key_locked = take_lock(key);
    parsed.push_back({group, std::string(key), std::string(trimmed(content.substr(equals + 1))),
                      lines.number(), is_file_locked || is_group_locked || is_key_locked});
  }
  return parsed;
}

const DesktopKey* last_desktop_key(const std::vector<DesktopKey>& lines, std::string_view group,
                                   std::string_view key) {
  const DesktopKey* found = nullptr;
  for (const auto& line : lines)
    if (line.group == group && line.key == key) found = &line;
  return found;
}

}  // namespace assay::agent
