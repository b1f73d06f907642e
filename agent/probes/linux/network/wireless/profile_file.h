// Files of [sections] with "key=value" lines: NetworkManager's profiles, systemd's
// settings, iwd's networks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

struct ProfileEntry {
  std::string section;
  std::string key;
  std::string value;
  std::int64_t line = 0;
};

// In the file's order. Lines of another form are passed over, as their readers do; at most
// kMaxProfileEntries.
[[nodiscard]] std::vector<ProfileEntry> parse_profile_file(std::string_view text);

inline constexpr std::size_t kMaxProfileEntries = 10'000;

// The last value of the key; empty when there is none.
[[nodiscard]] std::string_view profile_value(const std::vector<ProfileEntry>& entries,
                                             std::string_view section, std::string_view key);
[[nodiscard]] bool has_profile_section(const std::vector<ProfileEntry>& entries,
                                       std::string_view section);

}  // namespace assay::agent
