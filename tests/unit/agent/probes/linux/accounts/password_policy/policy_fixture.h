// Hosts as distributions deliver them, and verbs to ask what password_policy says of them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "agent/probes/linux/accounts/password_policy/password_policy.h"
#include "tests/unit/agent/map_host.h"

namespace assay::agent {

// The files of Debian 12 (pam 1.5.2, as pam-auth-update writes them), comments shortened.
inline MapHost debian_12() {
  return MapHost{
      {"/etc/debian_version", "12.11\n"},
      {"/etc/pam.d/passwd",
       "#\n# The PAM configuration file for passwd\n#\n\n@include common-password\n"},
      {"/etc/pam.d/login",
       "auth       optional   pam_faildelay.so  delay=3000000\n"
       "auth       requisite  pam_nologin.so\n"
       "session [success=ok ignore=ignore module_unknown=ignore default=bad] pam_selinux.so close\n"
       "auth       optional   pam_group.so\n"
       "@include common-auth\n@include common-account\n@include common-password\n"},
      {"/etc/pam.d/sshd",
       "@include common-auth\naccount    required     pam_nologin.so\n@include common-account\n"
       "@include common-password\n"},
      {"/etc/pam.d/common-password",
       "# here are the per-package modules (the \"Primary\" block)\n"
       "password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt\n"
       "# here's the fallback if no module succeeds\n"
       "password\trequisite\t\t\tpam_deny.so\n"
       "password\trequired\t\t\tpam_permit.so\n"},
      {"/etc/pam.d/common-auth",
       "auth\t[success=1 default=ignore]\tpam_unix.so nullok\n"
       "auth\trequisite\t\t\tpam_deny.so\nauth\trequired\t\t\tpam_permit.so\n"},
      {"/etc/pam.d/common-account",
       "account\t[success=1 new_authtok_reqd=done default=ignore]\tpam_unix.so \n"
       "account\trequisite\t\t\tpam_deny.so\naccount\trequired\t\t\tpam_permit.so\n"},
      {"/etc/pam.d/other",
       "@include common-auth\n@include common-account\n@include common-password\n"},
      {"/etc/login.defs",
       "# PASS_MAX_DAYS\tMaximum number of days\nPASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\n"
       "PASS_WARN_AGE\t7\n#PASS_MIN_LEN\nENCRYPT_METHOD SHA512\n"},
      {"/etc/default/useradd", "SHELL=/bin/sh\n# INACTIVE=-1\n"},
  };
}

// The same after `apt install libpam-pwquality`.
inline MapHost debian_12_with_pwquality() {
  return debian_12()
      .with_file("/etc/pam.d/common-password",
                 "# comment\n"
                 "password\trequisite\t\t\tpam_pwquality.so retry=3\n"
                 "password\t[success=1 default=ignore]\tpam_unix.so obscure use_authtok "
                 "try_first_pass yescrypt\n"
                 "password\trequisite\t\t\tpam_deny.so\n"
                 "password\trequired\t\t\tpam_permit.so\n")
      .with_file("/etc/security/pwquality.conf", "# minlen = 8\n# dcredit = 0\n");
}

// RHEL 9 with the authselect profile "sssd with-faillock with-pwhistory".
inline MapHost rhel_9() {
  const std::string auth =
      "auth        required                                     pam_env.so\n"
      "auth        required                                     pam_faildelay.so delay=2000000\n"
      "auth        required                                     pam_faillock.so preauth silent\n"
      "auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular\n"
      "auth        [default=1 ignore=ignore success=ok]         pam_localuser.so\n"
      "auth        sufficient                                   pam_unix.so nullok\n"
      "auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular\n"
      "auth        sufficient                                   pam_sss.so forward_pass\n"
      "auth        required                                     pam_faillock.so authfail\n"
      "auth        required                                     pam_deny.so\n\n"
      "account     required                                     pam_faillock.so\n"
      "account     required                                     pam_unix.so\n"
      "account     sufficient                                   pam_localuser.so\n"
      "account     sufficient                                   pam_usertype.so issystem\n"
      "account     [default=bad success=ok user_unknown=ignore] pam_sss.so\n"
      "account     required                                     pam_permit.so\n\n"
      "password    requisite                                    pam_pwquality.so local_users_only\n"
      "password    requisite                                    pam_pwhistory.so use_authtok\n"
      "password    sufficient                                   pam_unix.so yescrypt shadow nullok "
      "use_authtok\n"
      "password    [success=1 default=ignore]                   pam_localuser.so\n"
      "password    sufficient                                   pam_sss.so use_authtok\n"
      "password    required                                     pam_deny.so\n";
  return MapHost{
      {"/etc/pam.d/passwd",
       "#%PAM-1.0\nauth       include\tsystem-auth\naccount    include\tsystem-auth\n"
       "password   substack\tsystem-auth\n-password   optional\tpam_gnome_keyring.so use_authtok\n"
       "password   substack\tpostlogin\n"},
      {"/etc/pam.d/postlogin", "session optional pam_umask.so silent\n"},
      {"/etc/pam.d/login",
       "#%PAM-1.0\nauth       substack     system-auth\nauth       include      postlogin\n"
       "account    required     pam_nologin.so\naccount    include      system-auth\n"
       "password   include      system-auth\n"},
      {"/etc/pam.d/sshd",
       "#%PAM-1.0\nauth       substack     password-auth\nauth       include      postlogin\n"
       "account    required     pam_sepermit.so\naccount    required     pam_nologin.so\n"
       "account    include      password-auth\npassword   include      password-auth\n"},
      {"/etc/pam.d/system-auth", auth},
      {"/etc/pam.d/password-auth", auth},
      {"/etc/pam.d/other", "auth required pam_deny.so\npassword required pam_deny.so\n"},
      {"/etc/security/pwquality.conf", "# Configuration for systemwide password quality limits\n"},
      {"/etc/security/faillock.conf", "# deny = 3\n"},
      {"/etc/security/pwhistory.conf", "# remember = 10\nremember = 24\n"},
      {"/etc/login.defs",
       "PASS_MAX_DAYS 90\nPASS_MIN_DAYS 1\nPASS_WARN_AGE 14\n"
       "ENCRYPT_METHOD SHA512\n"},
      {"/etc/default/useradd", "GROUP=100\nINACTIVE=30\n"},
  };
}

// One answer of the probe, by setting.
class Policy {
 public:
  explicit Policy(MapHost host) : Policy(static_cast<Host&>(host)) {}
  explicit Policy(Host& host) : table_(collect_password_policy(host)) {
    EXPECT_TRUE(table_.has_value()) << table_.error().message();
    if (table_) {
      EXPECT_EQ(table_->defect(), "");
    }
  }

  [[nodiscard]] std::optional<std::int64_t> value(std::string_view setting) const {
    return number(setting, "value");
  }
  [[nodiscard]] std::optional<std::int64_t> enforced(std::string_view setting) const {
    return number(setting, "enforced");
  }
  [[nodiscard]] std::string text(std::string_view setting) const { return cell(setting, "text"); }
  [[nodiscard]] std::string origin(std::string_view setting) const {
    return cell(setting, "origin");
  }
  [[nodiscard]] std::string note(std::string_view setting) const { return cell(setting, "note"); }
  // "/etc/pam.d/passwd:5"; ":" when no file decides.
  [[nodiscard]] std::string where(std::string_view setting) const {
    return cell(setting, "source") + ":" + cell(setting, "line");
  }
  [[nodiscard]] std::size_t size() const { return table_->rows().size(); }

 private:
  [[nodiscard]] const evidence::Value& at(std::string_view setting, std::string_view column) const {
    static const evidence::Value kMissing = std::string("no such row");
    for (std::size_t row = 0; table_ && row < table_->rows().size(); ++row) {
      if (evidence::to_text(table_->at(row, "setting")) == setting) return table_->at(row, column);
    }
    return kMissing;
  }
  [[nodiscard]] std::string cell(std::string_view setting, std::string_view column) const {
    return evidence::to_text(at(setting, column));
  }
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view setting,
                                                   std::string_view column) const {
    const auto* found = std::get_if<std::int64_t>(&at(setting, column));
    return found == nullptr ? std::nullopt : std::optional<std::int64_t>(*found);
  }

  Result<evidence::Table> table_;
};

inline testing::AssertionResult contains(const std::string& text, std::string_view part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << part << "' is not in '" << text << "'";
}

}  // namespace assay::agent
