#include "agent/probes/linux/hardening/desktop/key_file.h"

#include <utility>

#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

constexpr std::string_view kLock = "[$i]";
constexpr std::string_view kFileLock = "$i";  // as a header

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
  std::string_view group;
  bool is_file_locked = false;
  bool is_group_locked = false;
  for (auto& [section, name, value, line] : parse_sections_tolerantly(text, true)) {
    const bool is_header = name.empty();
    if (is_header && section == kFileLock) {
      is_file_locked = true;
    } else if (is_header) {
      group = section;
      is_group_locked = value.contains(kLock);
    } else {
      auto key = name;
      const bool is_key_locked = take_lock(key);
      parsed.push_back({std::string(group), std::string(key), std::move(value), line,
                        is_file_locked || is_group_locked || is_key_locked});
    }
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
