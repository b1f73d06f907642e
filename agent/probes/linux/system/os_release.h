// os-release(5): what the system says of itself.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

using OsRelease = std::map<std::string, std::string, std::less<>>;

// Assignments in the shell's quoting. kInvalidData names the line.
[[nodiscard]] Result<OsRelease> parse_os_release(std::string_view text);

// /etc/os-release, else /usr/lib/os-release, as the manual page has it.
[[nodiscard]] Result<OsRelease> read_os_release(Host& host);

// The value of `key`; empty when it is absent, which os-release does not tell apart.
[[nodiscard]] std::string_view value_of(const OsRelease& release, std::string_view key);

}  // namespace assay::agent
