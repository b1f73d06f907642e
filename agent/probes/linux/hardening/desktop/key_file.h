// Files of groups and keys: dconf's key files, GSettings overrides, KDE's rc files, systemd's
// *.conf. What stands in quotes stays in quotes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

struct KeyLine {
  std::string group;  // of "[org/gnome/desktop/session]"
  std::string key;
  std::string value;
  std::int64_t line = 0;
  bool is_locked = false;  // KDE's [$i], at the key or at its group
};

// Lines that are neither group, key nor comment are passed over, as all readers of such files do.
[[nodiscard]] std::vector<KeyLine> parse_key_file(std::string_view text);

// The last line of a group and key; nullptr when there is none.
[[nodiscard]] const KeyLine* last_of(const std::vector<KeyLine>& lines, std::string_view group,
                                     std::string_view key);

}  // namespace assay::agent
