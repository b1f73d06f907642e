#include "agent/probes/linux/hardening/desktop/screen_lock.h"

#include "agent/probes/linux/accounts/account_files.h"
#include "agent/probes/linux/accounts/network_mounts.h"
#include "agent/probes/linux/hardening/a_system.h"
#include "agent/probes/linux/hardening/desktop/lock_row.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxPasswdBytes = 64U << 20U;
constexpr std::size_t kMaxUsers = 5'000;
constexpr std::uint32_t kFirstOrdinaryUid = 1000;
constexpr std::uint32_t kNobody = 65'534;

// Those who may sit at a desktop.
Result<std::vector<DesktopUser>> desktop_users(Host& host) {
  std::vector<DesktopUser> users;
  const auto text = host.read_file("/etc/passwd", kMaxPasswdBytes);
  if (!text) {
    if (text.error().code() == Code::kNotFound) return users;
    return fail(text.error());
  }
  const auto accounts = parse_passwd(*text);
  if (!accounts) return fail(accounts.error().within("/etc/passwd"));
  const auto mounts = NetworkMounts::find(host);
  if (!mounts) return fail(mounts.error());
  for (const auto& account : *accounts) {
    if (account.uid < kFirstOrdinaryUid || account.uid == kNobody) continue;
    if (account.directory.size() < 2 || account.shell.ends_with("nologin") ||
        account.shell.ends_with("/false"))
      continue;
    if (users.size() == kMaxUsers)
      return fail(Code::kTooLarge, "more accounts than desktops are looked at");
    DesktopUser user{.name = account.name, .home = account.directory, .why_not = {}};
    if (const auto kind = mounts->kind_at(user.home); !kind.empty())
      user.why_not = "the home folder is on " + std::string(kind) + ", which is not looked at";
    users.push_back(std::move(user));
  }
  return users;
}

evidence::Value truth(std::optional<bool> value) {
  if (!value) return {};
  return std::int64_t{*value ? 1 : 0};
}

}  // namespace

Result<bool> has_program(Host& host, std::initializer_list<std::string_view> paths) {
  for (const auto path : paths) {
    const auto status = host.status(path);
    if (status) return true;
    if (status.error().code() != Code::kNotFound) return fail(status.error());
  }
  return false;
}

bool is_passed_over(const std::string& desktop, const DesktopUser& user,
                    std::vector<LockRow>& rows) {
  if (user.why_not.empty()) return false;
  rows.push_back(
      {.desktop = desktop, .user = user.name, .source = user.home, .note = user.why_not});
  return true;
}

std::optional<std::string> user_file(Host& host, const std::string& desktop,
                                     const DesktopUser& user, const std::string& path,
                                     std::vector<LockRow>& rows) {
  if (is_passed_over(desktop, user, rows)) return std::nullopt;
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return *std::move(text);
  if (text.error().code() != Code::kNotFound)
    rows.push_back({.desktop = desktop,
                    .user = user.name,
                    .source = path,
                    .note = "cannot be read: " + text.error().message()});
  return std::nullopt;
}

Result<evidence::Table> collect_screen_lock(Host& host) {
  if (auto there = check_there_is_a_system(host); !there) return fail(there.error());
  const auto users = desktop_users(host);
  if (!users) return fail(users.error());
  std::vector<LockRow> rows;
  for (const auto part : {add_gsettings_desktops, add_kde, add_xfce, add_xscreensaver})
    if (auto done = part(host, *users, rows); !done) return fail(done.error());
  if (auto done = add_logind(host, rows); !done) return fail(done.error());
  evidence::Table table(*evidence::find_table("screen_lock"));
  for (const auto& row : rows)
    table.add({{"desktop", row.desktop},
               {"username", text_or_null(row.user)},
               {"idle_seconds", number_or_null(row.idle_seconds)},
               {"lock_enabled", truth(row.is_lock_enabled)},
               {"lock_delay_seconds", number_or_null(row.delay_seconds)},
               {"mandatory", truth(row.is_mandatory)},
               {"source", text_or_null(row.source)},
               {"line", row.line == 0 ? evidence::Value{} : evidence::Value{row.line}},
               {"note", text_or_null(row.note)}});
  return table;
}

}  // namespace assay::agent
