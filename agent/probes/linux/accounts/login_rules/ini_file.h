// Files of "[section]" and "key = value" lines, as sssd, GDM, LightDM, SDDM, systemd and Samba
// have them. Pure functions, and one that reads; one thread at a time per Host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

struct IniLine {
  std::string section;  // "" before the first
  std::string key;
  std::string value;
  std::string path;
  std::int64_t line = 0;
};

// '#' and ';' begin a comment at the start of a line. A line that is neither is passed over.
// kInvalidData when the text is binary.
[[nodiscard]] Result<std::vector<IniLine>> parse_ini(std::string_view text, std::string_view path);

// Nothing when there is no such file; another failure is an Error.
[[nodiscard]] Result<std::vector<IniLine>> read_ini(Host& host, const std::string& path);

// The files of a folder whose names end in `ending`, in the order of their names, one after
// another. Nothing when there is no such folder.
[[nodiscard]] Result<std::vector<IniLine>> read_ini_folder(Host& host, const std::string& folder,
                                                           std::string_view ending);

// The last such line; keys and sections are compared without case. nullptr when there is none.
[[nodiscard]] const IniLine* last_of(const std::vector<IniLine>& lines, std::string_view section,
                                     std::string_view key);

}  // namespace assay::agent
