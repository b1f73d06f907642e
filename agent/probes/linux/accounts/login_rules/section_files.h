// What files of sections (text/sections.h) say, as sssd, GDM, LightDM, SDDM, systemd and Samba
// have them: read and remembered with their paths. One thread at a time per Host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

struct PlacedSetting {
  std::string section;  // "" before the first
  std::string key;
  std::string value;
  std::string path;
  std::int64_t line = 0;
};

// Nothing when there is no such file; another failure is an Error, as is a binary file.
[[nodiscard]] Result<std::vector<PlacedSetting>> read_section_file(Host& host,
                                                                   const std::string& path);

// The files of a folder whose names end in `ending`, in the order of their names, one after
// another. Nothing when there is no such folder.
[[nodiscard]] Result<std::vector<PlacedSetting>> read_section_folder(Host& host,
                                                                     const std::string& folder,
                                                                     std::string_view ending);

// The last such line; keys and sections are compared without case. nullptr when there is none.
[[nodiscard]] const PlacedSetting* last_of(const std::vector<PlacedSetting>& lines,
                                           std::string_view section, std::string_view key);

}  // namespace assay::agent
