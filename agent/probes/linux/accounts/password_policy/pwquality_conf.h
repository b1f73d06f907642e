// What pam_pwquality (and its forerunner pam_cracklib) demands of a new password:
// built-in defaults, pwquality.conf with its drop-ins, arguments of the PAM line.
//
// libpwquality reads the drop-ins /etc/security/pwquality.conf.d/*.conf first, in ASCII
// order, and the main file last: the main file overrides them. At the first line that it
// does not understand it stops reading altogether and goes on with what it has.
//
// Before 1.3.0 (Red Hat 7, Amazon Linux 2) it had other defaults, which give a credit for every
// class, read no drop-ins and knew fewer settings; the installed library tells.
// One thread at a time per Host.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"

namespace assay::agent {

inline constexpr std::string_view kPwqualityConf = "/etc/security/pwquality.conf";

struct QualitySettings {
  // minlen minclass dcredit ucredit lcredit ocredit difok maxrepeat dictcheck usercheck
  // enforcing enforce_for_root local_users_only: always all present.
  Numbers numbers;
  // Settings that the installed library is too old to know in a file.
  std::set<std::string, std::less<>> unknown_names;
  // For people: lines that were not understood and what that means.
  std::vector<std::string> problems;

  [[nodiscard]] std::int64_t value(std::string_view name) const;
  [[nodiscard]] const std::optional<Location>& where(std::string_view name) const;
};

[[nodiscard]] QualitySettings pwquality_defaults();
[[nodiscard]] QualitySettings cracklib_defaults();

// Adds the lines of one file; false when reading must stop here.
[[nodiscard]] bool add_settings(QualitySettings& settings, const std::vector<FileSetting>& lines);

// The installed library's defaults with all files applied. Missing files are no failure; a
// library that is not found counts as a recent one.
[[nodiscard]] Result<QualitySettings> read_pwquality_conf(Host& host);

// Arguments win over files; one that is not understood is passed over.
void add_arguments(QualitySettings& settings, const PamEntry& entry);

// The length of the shortest password that passes. It is below minlen when credits are
// positive: each character of such a class counts for more than one, up to the credit.
[[nodiscard]] std::int64_t shortest_accepted(const QualitySettings& settings);

// How many of the four character classes a password must really have.
[[nodiscard]] std::int64_t classes_required(const QualitySettings& settings);

}  // namespace assay::agent
