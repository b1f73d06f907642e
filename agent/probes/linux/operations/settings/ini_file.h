// Files of "[Section]" and "key = value" lines: systemd's, xrdp's, cockpit's.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// Views into the text that was parsed.
struct IniEntry {
  std::string_view section;
  std::string_view key;
  std::string_view value;  // as written, without blanks around it
  std::int64_t line = 0;
};

inline constexpr std::size_t kMaxIniEntries = 100'000;

// Lines that begin with '#' or ';' are comments; lines without '=' say nothing. kInvalidData when
// the text is binary.
[[nodiscard]] Result<std::vector<IniEntry>> parse_ini(std::string_view text);

// The last entry of that section and key, both without regard to case; nullptr when there is none.
[[nodiscard]] const IniEntry* find_entry(const std::vector<IniEntry>& entries,
                                         std::string_view section, std::string_view key);

}  // namespace assay::agent
