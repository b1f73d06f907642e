// systemd's own settings (journald.conf, timesyncd.conf): one file and its drop-ins, as
// systemd reads them together.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/operations/settings/setting_files.h"

namespace assay::agent {

struct SystemdSetting {
  std::string value;  // never empty: an empty one takes back what was set before
  Place place;
};
using SystemdSettings = std::map<std::string, SystemdSetting, std::less<>>;

// What is in force of `section` of /etc/systemd/`name`. The main file is that of /etc, else of
// /run, else of /usr; the drop-ins of `name`.d in all of them are read in the order of their names,
// those in /etc in place of those of the same name elsewhere. Later wins, except for `lists`: the
// values of a key in that list are put one behind the other.
[[nodiscard]] Result<SystemdSettings> read_systemd_settings(
    Host& host, std::string_view name, std::string_view section,
    std::initializer_list<std::string_view> lists = {});

}  // namespace assay::agent
