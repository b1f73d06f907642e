// Files of "key = value" lines under "[section]" headers: the repositories of
// dnf and zypper, and the units of systemd. They differ in what continues a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

enum class IniDialect {
  kRepository,  // a line that begins with a blank continues the value before; nonsense is an error
  kUnit,        // a backslash at the end continues the line; systemd skips nonsense, and so do we
};

struct SectionEntry {
  std::string_view section;  // views into the text that was parsed
  std::string_view key;      // empty: the section itself begins here
  std::string value;
  std::int64_t line = 0;
};

// In the file's order. kInvalidData names the line.
[[nodiscard]] Result<std::vector<SectionEntry>> parse_ini(std::string_view text,
                                                          IniDialect dialect);

}  // namespace assay::agent
