// The folders in which a shell of this machine looks for programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

// The usual folders of a system, those that /etc/environment and /etc/login.defs name, and those
// in the homes of accounts in /etc/passwd where programs for one person lie. In no order; not all
// of them exist. What users set in their own shells' files is not looked at.
[[nodiscard]] Result<std::vector<std::string>> path_folders(Host& host);

// The folders of PATH in /etc/environment.
[[nodiscard]] std::vector<std::string> folders_in_environment(std::string_view text);
// Those of ENV_PATH and ENV_SUPATH in /etc/login.defs.
[[nodiscard]] std::vector<std::string> folders_in_login_defs(std::string_view text);
// The homes in /etc/passwd, without those that are no one's: "/", "/nonexistent", system folders.
[[nodiscard]] std::vector<std::string> homes_in_passwd(std::string_view text);

inline constexpr std::size_t kMaxPathFolders = 10'000;

}  // namespace assay::agent
