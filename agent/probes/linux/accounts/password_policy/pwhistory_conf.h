// How many old passwords pam_pwhistory refuses: built-in 10, /etc/security/pwhistory.conf
// (only read by Linux-PAM 1.5.3 and later, and by builds with that change), arguments of
// the PAM line. One thread at a time per Host.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"

namespace assay::agent {

inline constexpr std::string_view kPwhistoryConf = "/etc/security/pwhistory.conf";

struct PwhistorySettings {
  Number remember{10, {}};  // 0: off
  Number enforce_for_root;  // 0 or 1
};

// `reads_file`: whether the installed module knows pwhistory.conf.
[[nodiscard]] Result<PwhistorySettings> read_pwhistory(Host& host, const PamEntry& entry,
                                                       bool reads_file);

// Where the file sets `remember`, whether a module reads it or not.
[[nodiscard]] Result<std::optional<Location>> find_pwhistory_remember(Host& host);

}  // namespace assay::agent
