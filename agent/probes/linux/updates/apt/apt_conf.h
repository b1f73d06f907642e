// apt's settings: /etc/apt/apt.conf and apt.conf.d, in the order in which apt reads them.
//
//   APT::Periodic { Update-Package-Lists "1"; };   is the same as
//   APT::Periodic::Update-Package-Lists "1";       the later of the two wins
//
// Names are of any case. Safe to use from several threads once loaded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct AptSetting {
  std::string name;  // in full, lower case; an item of a list ends in "::"
  std::string value;
  std::string file;
  std::int64_t line = 0;
};

class AptConf {
 public:
  // kNotFound when the system has no /etc/apt.
  [[nodiscard]] static Result<AptConf> load(Host& host);
  // What one more file says. kInvalidData names the line.
  [[nodiscard]] Status add(std::string_view text, std::string_view file);

  // The setting in force, null when none is written.
  [[nodiscard]] const AptSetting* find(std::string_view name) const;
  [[nodiscard]] std::vector<const AptSetting*> items(std::string_view list) const;
  [[nodiscard]] const std::vector<AptSetting>& settings() const { return settings_; }

  // Called for each statement.
  void set(std::string name, std::string value, std::string_view file, std::int64_t line);
  void clear(std::string_view name);

 private:
  std::vector<AptSetting> settings_;
};

// Whether apt reads a file of this name in a folder of parts with that `suffix`.
[[nodiscard]] bool is_apt_part(std::string_view name, std::string_view suffix, bool needs_suffix);
// What apt takes for yes and for no; nothing for any other word.
[[nodiscard]] std::optional<bool> apt_flag(std::string_view word);

}  // namespace assay::agent
