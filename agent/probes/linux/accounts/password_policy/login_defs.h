// Ageing of passwords and the hash for new ones: /etc/login.defs, and INACTIVE of
// /etc/default/useradd. They shape accounts when they are created or passwords when they
// are set; what an existing account has is in the table shadow.
// One thread at a time per Host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"

namespace assay::agent {

inline constexpr std::string_view kLoginDefs = "/etc/login.defs";
inline constexpr std::string_view kUseraddDefaults = "/etc/default/useradd";

// Days as configured. Absent: no line, a line that is not understood, or -1 (off).
struct AgeingDays {
  std::optional<std::int64_t> days;
  std::optional<Location> where;  // the line that decides, also when it says "off"
  std::string problem;            // for people; empty when there is none
};

struct LoginDefs {
  AgeingDays max_days;
  AgeingDays min_days;
  AgeingDays warn_age;
  AgeingDays inactive;
  // ENCRYPT_METHOD as pam_unix reads it: the first such line.
  std::optional<FileSetting> encrypt_method;
  std::optional<Location> min_len;  // PASS_MIN_LEN, which nothing reads under PAM
};

// All lines of login.defs: of /etc or, when there is none, of the distributor's copy below
// /usr/etc; then those of the drop-in folders, which later versions of shadow read.
[[nodiscard]] Result<std::vector<FileSetting>> read_login_defs_lines(Host& host);

[[nodiscard]] Result<LoginDefs> read_login_defs(Host& host);

}  // namespace assay::agent
