// A row of table screen_lock, and what the readers of the several desktops share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct LockRow {
  std::string desktop;
  std::string user;                          // empty: for all who have set nothing themselves
  std::optional<std::int64_t> idle_seconds;  // 0: never
  std::optional<bool> is_lock_enabled;
  std::optional<std::int64_t> delay_seconds;  // between blank screen and lock
  std::optional<bool> is_mandatory;           // users cannot change it
  std::string source;
  std::int64_t line = 0;
  std::string note;
};

struct DesktopUser {
  std::string name;
  std::string home;
  std::string why_not;  // nobody should look there: it is on a file system that may hang
};

// Each adds its rows when its desktop is installed.
[[nodiscard]] Status add_gsettings_desktops(Host& host, const std::vector<DesktopUser>& users,
                                            std::vector<LockRow>& rows);
[[nodiscard]] Status add_kde(Host& host, const std::vector<DesktopUser>& users,
                             std::vector<LockRow>& rows);
[[nodiscard]] Status add_xfce(Host& host, const std::vector<DesktopUser>& users,
                              std::vector<LockRow>& rows);
[[nodiscard]] Status add_xscreensaver(Host& host, const std::vector<DesktopUser>& users,
                                      std::vector<LockRow>& rows);
[[nodiscard]] Status add_logind(Host& host, std::vector<LockRow>& rows);

// Whether one of the programs is there.
[[nodiscard]] Result<bool> has_program(Host& host, std::initializer_list<std::string_view> paths);

// True when the user's home is not looked at; a row says so.
[[nodiscard]] bool is_passed_over(const std::string& desktop, const DesktopUser& user,
                                  std::vector<LockRow>& rows);

// A user's file: its text; nothing when there is none. What cannot be read is a row that says so.
[[nodiscard]] std::optional<std::string> user_file(Host& host, const std::string& desktop,
                                                   const DesktopUser& user, const std::string& path,
                                                   std::vector<LockRow>& rows);

}  // namespace assay::agent
