// Which rpm or apk package installed a file.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

// Adds the owners of those `paths` (without symbolic links) that one of the two managers names. A
// system without either adds none.
[[nodiscard]] Status add_apk_owners(Host& host, const std::set<std::string>& paths,
                                    std::map<std::string, std::string>& owners);
[[nodiscard]] Status add_rpm_owners(Host& host, const std::set<std::string>& paths,
                                    std::map<std::string, std::string>& owners);

// The names that a package's list may have for a file: its own, and those through folders that are
// links to where it lies, as /bin is to /usr/bin.
[[nodiscard]] std::set<std::string> names_of_file(Host& host, std::string_view path);

}  // namespace assay::agent
