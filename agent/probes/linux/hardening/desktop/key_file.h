// Files of groups and keys (text/sections.h) with KDE's locks: dconf's key files, GSettings
// overrides, KDE's rc files, systemd's *.conf. What stands in quotes stays in quotes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

struct DesktopKey {
  std::string group;  // of "[org/gnome/desktop/session]"
  std::string key;
  std::string value;
  std::int64_t line = 0;
  bool is_locked = false;  // KDE's [$i], at the key or at its group
};

// Lines that are neither group, key nor comment are passed over, as all readers of such files do.
[[nodiscard]] std::vector<DesktopKey> parse_desktop_keys(std::string_view text);

// The last line of a group and key; nullptr when there is none.
[[nodiscard]] const DesktopKey* last_desktop_key(const std::vector<DesktopKey>& lines,
                                                 std::string_view group, std::string_view key);

}  // namespace assay::agent
