// Which version of a package apt prefers: /etc/apt/preferences and preferences.d.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/updates/apt/release_file.h"

namespace assay::agent {

// A list of packages as pins see it.
struct PinTarget {
  const AptRelease& release;
  std::string_view site;       // the host that it comes from; empty: this machine
  std::string_view component;  // "main"
};

struct AptPin {
  enum class Kind { kVersion, kRelease, kOrigin };
  std::vector<std::string> packages;  // patterns; "*" alone means every package that no other names
  Kind kind = Kind::kRelease;
  std::string data;
  int priority = 0;
  std::string file;
  std::int64_t line = 0;

  [[nodiscard]] bool is_general() const { return packages.size() == 1 && packages[0] == "*"; }
  // A pattern that is a regular expression is not understood; such a pin matches nothing here.
  [[nodiscard]] bool is_understood() const;
  [[nodiscard]] bool names(std::string_view package, std::string_view source) const;
  // For kRelease and kOrigin.
  [[nodiscard]] bool matches(const PinTarget& target) const;
  // For kVersion.
  [[nodiscard]] bool matches_version(std::string_view version) const;
};

// kInvalidData, with the line, for what apt refuses.
[[nodiscard]] Result<std::vector<AptPin>> parse_preferences(std::string_view text);
// In the order in which apt asks them: the first that matches counts.
[[nodiscard]] Result<std::vector<AptPin>> read_preferences(Host& host);
// What APT::Default-Release asks for.
[[nodiscard]] AptPin default_release_pin(std::string_view release);

}  // namespace assay::agent
