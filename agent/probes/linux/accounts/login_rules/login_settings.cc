#include "agent/probes/linux/accounts/login_rules/login_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "agent/probes/linux/accounts/login_rules/autologin.h"
#include "agent/probes/linux/accounts/login_rules/section_files.h"
#include "agent/probes/linux/accounts/login_rules/setting_row.h"
#include "agent/probes/linux/accounts/login_rules/shell_settings.h"
#include "agent/probes/linux/accounts/password_policy/login_defs.h"
#include "agent/probes/linux/accounts/password_policy/pam_stack.h"
#include "agent/probes/linux/accounts/password_policy/settings_file.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;
using Rows = std::vector<LoginSetting>;

// Files that every login shell, or every interactive one, reads; in that order.
constexpr std::array<std::string_view, 12> kShFiles = {
    "/usr/etc/profile",       "/etc/profile", "/etc/profile.local", "/etc/bash.bashrc",
    "/etc/bash.bashrc.local", "/etc/bashrc",  "/etc/zsh/zshenv",    "/etc/zsh/zprofile",
    "/etc/zsh/zshrc",         "/etc/zshenv",  "/etc/zprofile",      "/etc/zshrc"};
constexpr std::array<std::string_view, 4> kCshFiles = {"/usr/etc/csh.cshrc", "/etc/csh.cshrc",
                                                       "/etc/csh.login", "/etc/csh/csh.cshrc"};
constexpr std::array<std::string_view, 2> kProfileFolders = {"/usr/etc/profile.d",
                                                             "/etc/profile.d"};
constexpr std::array<std::string_view, 3> kBanners = {"issue", "issue.net", "motd"};
constexpr std::array<std::string_view, 3> kLoginServices = {"login", "sshd", "su-l"};
constexpr std::int64_t kSecondsInMinute = 60;

LoginSetting shell_row(const ShellSetting& found, bool is_csh, const std::string& path) {
  const bool is_timeout = found.kind == ShellSetting::Kind::kTimeout;
  LoginSetting row{.setting = !is_timeout ? "umask"
                              : is_csh    ? "autologout"
                                          : "TMOUT",
                   .scope = is_csh ? "csh" : "sh",
                   .value = found.value,
                   .source = path,
                   .line = found.line};
  if (is_timeout) {
    row.is_readonly = found.is_readonly;
    row.is_exported = !is_csh && found.is_exported;
    const auto number = found.value ? decimal(*found.value) : std::nullopt;
    if (number && *number >= 0 && *number < 1'000'000'000)
      row.seconds = *number * (is_csh ? kSecondsInMinute : 1);
  }
  row.is_in_force = !found.is_unset;
  if (found.is_unset) {
    row.note = "taken back here";
  } else if (!found.value) {
    row.is_in_force.reset();
    row.note = "the value is worked out when the shell starts";
  }
  if (found.is_conditional) {
    row.is_in_force.reset();
    row.note += row.note.empty() ? "" : "; ";
    row.note += "only under a condition, which is not evaluated";
  }
  return row;
}

Status add_shell_file(Host& host, const std::string& path, bool is_csh, Rows& rows) {
  const auto text = read_optional(host, path);
  if (!text) return fail(text.error());
  if (!*text) return {};
  for (const auto& found : is_csh ? parse_csh(**text) : parse_sh(**text))
    rows.push_back(shell_row(found, is_csh, path));
  return {};
}

Status add_shells(Host& host, Rows& rows) {
  for (const auto path : kShFiles)
    if (auto done = add_shell_file(host, std::string(path), false, rows); !done) return done;
  for (const auto path : kCshFiles)
    if (auto done = add_shell_file(host, std::string(path), true, rows); !done) return done;
  for (const auto folder : kProfileFolders) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    for (const auto& name : *names) {
      const bool is_csh = name.ends_with(".csh");
      if (!is_csh && !name.ends_with(".sh")) continue;
      const auto path = fmt::format("{}/{}", folder, name);
      if (auto done = add_shell_file(host, path, is_csh, rows); !done) return done;
    }
  }
  return {};
}

bool is_of_profile(const LoginSetting& row) {
  return row.setting == "TMOUT" && row.scope == "sh" &&
         (row.source.find("/etc/profile.d/") != std::string::npos ||
          row.source.ends_with("/etc/profile"));
}

void overrule(LoginSetting& row, std::string_view why, const LoginSetting& by) {
  row.is_in_force = false;
  row.note = fmt::format("{} {}:{}", why, by.source, by.line.value_or(0));
}

// One shell reads /etc/profile and profile.d: what is taken back later holds for nobody, and what
// is read-only stays as it is.
void weigh_profile(Rows& rows) {
  const LoginSetting* fixed = nullptr;
  auto* since = rows.data();  // nothing has taken back what is from here on
  for (auto& row : rows) {
    if (!is_of_profile(row)) continue;
    const bool is_taken_back = row.is_in_force == false && !row.value;
    if (fixed != nullptr) {
      overrule(row, "without effect: read-only since", *fixed);
    } else if (is_taken_back) {
      for (; since != &row; ++since)
        if (is_of_profile(*since) && since->value) overrule(*since, "taken back at", row);
    } else if (row.is_in_force == true && row.is_readonly == true) {
      fixed = &row;
    }
  }
}

// /etc/environment is no shell file, but what stands there is in every session that PAM opens.
Status add_environment(Host& host, Rows& rows) {
  constexpr std::string_view kPath = "/etc/environment";
  const auto text = read_optional(host, kPath);
  if (!text) return fail(text.error());
  for (const auto& found : parse_sh(text->value_or(""))) {
    if (found.kind != ShellSetting::Kind::kTimeout) continue;
    auto row = shell_row(found, false, std::string(kPath));
    row.is_exported = true;
    rows.push_back(std::move(row));
  }
  return {};
}

void add_absent_timeout(Rows& rows) {
  if (std::ranges::any_of(rows, [](const auto& row) { return row.setting == "TMOUT"; })) return;
  LoginSetting row{.setting = "TMOUT", .scope = "sh"};
  row.is_in_force = false;
  row.note = "TMOUT is not set by any file that all shells read: an idle shell lives on";
  rows.push_back(std::move(row));
}

// Where a pam_umask stands that people who log in pass through.
Result<std::optional<PamEntry>> find_module(PamReader& reader, PamType type,
                                            std::string_view module) {
  for (const auto service : kLoginServices) {
    const auto has = reader.has_service(service);
    if (!has) return fail(has.error());
    if (!*has) continue;
    const auto stack = reader.stack(service, type);
    if (!stack) return fail(stack.error());
    const auto found = std::ranges::find(*stack, module, &PamEntry::module);
    if (found != stack->end()) return std::optional<PamEntry>(*found);
  }
  return std::optional<PamEntry>();
}

Status add_umask(Host& host, PamReader* reader, Rows& rows) {
  std::optional<PamEntry> module;
  if (reader != nullptr) {
    auto found = find_module(*reader, PamType::kSession, "pam_umask");
    if (!found) return fail(found.error());
    module = std::move(*found);
  }
  const auto own = module ? module->argument("umask") : std::nullopt;
  if (own) {
    LoginSetting row{.setting = "umask", .scope = "pam_umask", .value = std::string(*own)};
    row.is_in_force = true;
    row.source = module->where.path;
    row.line = module->where.line;
    rows.push_back(std::move(row));
  }
  const auto lines = read_login_defs_lines(host);
  if (!lines) return fail(lines.error());
  for (const auto& line : *lines) {
    if (!equals_ignoring_case(line.name, "UMASK") && !equals_ignoring_case(line.name, "HOME_MODE"))
      continue;
    LoginSetting row{.setting = equals_ignoring_case(line.name, "UMASK") ? "umask" : "home_mode",
                     .scope = "login.defs",
                     .value = line.value,
                     .source = line.where.path,
                     .line = line.where.line};
    if (row.setting == "home_mode") {
      row.is_in_force = true;
      row.note = "the mode of new home folders";
    } else if (!module) {
      row.is_in_force = false;
      row.note = "no pam_umask in a login session: it only shapes new home folders";
    } else {
      row.is_in_force = !own;
      row.note = fmt::format("read by pam_umask at {}; a shell's own files come later",
                             module->where.text());
    }
    rows.push_back(std::move(row));
  }
  if (std::ranges::any_of(rows, [](const auto& row) { return row.setting == "umask"; })) return {};
  LoginSetting row{.setting = "umask", .scope = "all"};
  row.is_in_force = false;
  row.note = "not set anywhere: 022, as the kernel and init hand it on";
  rows.push_back(std::move(row));
  return {};
}

// "900", "15min", "1h 30min"; nothing for "infinity".
std::optional<std::int64_t> systemd_seconds(std::string_view text) {
  std::int64_t total = 0;
  bool has_any = false;
  while (!(text = trimmed(text)).empty()) {
    const auto digits = std::min(text.size(), text.find_first_not_of("0123456789"));
    const auto number = decimal(text.substr(0, digits));
    if (!number || *number < 0 || *number > 1'000'000'000) return std::nullopt;
    text.remove_prefix(digits);
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
    const auto end = std::min(text.size(), text.find_first_of(" 0123456789"));
    const auto unit = text.substr(0, end);
    text.remove_prefix(end);
    std::int64_t factor = 0;
    if (unit.empty() || unit == "s" || unit == "sec" || unit == "second" || unit == "seconds")
      factor = 1;
    if (unit == "m" || unit == "min" || unit == "minute" || unit == "minutes") factor = 60;
    if (unit == "h" || unit == "hr" || unit == "hour" || unit == "hours") factor = 3600;
    if (unit == "d" || unit == "day" || unit == "days") factor = 86400;
    if (factor == 0) return std::nullopt;
    total += *number * factor;
    has_any = true;
  }
  return has_any ? std::optional(total) : std::nullopt;
}

Status add_console_idle(Host& host, Rows& rows) {
  std::vector<PlacedSetting> lines;
  for (const std::string folder : {"/usr/lib/systemd", "/etc/systemd"}) {
    auto main = read_section_file(host, folder + "/logind.conf");
    if (!main) return fail(main.error());
    std::move(main->begin(), main->end(), std::back_inserter(lines));
  }
  for (const std::string folder : {"/usr/lib/systemd", "/etc/systemd"}) {
    auto more = read_section_folder(host, folder + "/logind.conf.d", ".conf");
    if (!more) return fail(more.error());
    std::move(more->begin(), more->end(), std::back_inserter(lines));
  }
  for (const auto* key : {"StopIdleSessionSec", "IdleAction", "IdleActionSec"}) {
    const auto* line = last_of(lines, "Login", key);
    const bool is_limit = key == std::string_view("StopIdleSessionSec");
    LoginSetting row{.setting = is_limit ? "console_idle" : std::string("logind_").append(key),
                     .scope = "logind"};
    if (line == nullptr || line->value.empty()) {
      if (!is_limit) continue;
      row.is_in_force = false;
      row.note = "StopIdleSessionSec of systemd-logind is not set: an idle console stays logged in";
    } else {
      row.value = line->value;
      row.seconds = systemd_seconds(line->value);
      row.is_in_force = line->value != "infinity" && line->value != "0";
      row.source = line->path;
      row.line = line->line;
    }
    rows.push_back(std::move(row));
  }
  return {};
}

Status add_securetty(Host& host, PamReader* reader, Rows& rows) {
  constexpr std::string_view kPath = "/etc/securetty";
  const auto text = read_optional(host, kPath);
  if (!text) return fail(text.error());
  LoginSetting row{.setting = "securetty", .scope = "login"};
  std::optional<PamEntry> module;
  if (reader != nullptr) {
    auto found = find_module(*reader, PamType::kAuth, "pam_securetty");
    if (!found) return fail(found.error());
    module = std::move(*found);
  }
  row.is_in_force = module.has_value() && text->has_value();
  if (*text) {
    std::string terminals;
    Lines lines(**text);
    while (const auto line = lines.next()) {
      const auto name = trimmed(line->substr(0, line->find('#')));
      if (name.empty() || terminals.size() > 4096) continue;
      terminals += (terminals.empty() ? "" : ",") + std::string(name);
    }
    row.value = std::move(terminals);
    row.source = kPath;
  }
  if (module && !*text) {
    row.note = "there is no /etc/securetty: root may log in on every terminal";
  } else if (!module) {
    row.note = "no pam_securetty in the login service: root may log in on every terminal";
  }
  rows.push_back(std::move(row));
  return {};
}

// What getty and telnetd put in for "\r" and the like tells a stranger which system this is.
bool tells_the_system(std::string_view text) {
  constexpr std::string_view kMarks = "mrsvS";
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if ((text[i] == '\\' || text[i] == '%') && kMarks.find(text[i + 1]) != std::string_view::npos)
      return true;
  return false;
}

Status add_banners(Host& host, Rows& rows) {
  for (const auto banner : kBanners) {
    const auto path = fmt::format("/etc/{}", banner);
    const auto text = read_optional(host, path);
    if (!text) return fail(text.error());
    LoginSetting row{.setting = "banner", .scope = std::string(banner)};
    row.is_in_force = *text && !trimmed(**text).empty();
    row.value = !*text ? "absent" : *row.is_in_force ? "present" : "empty";
    if (*text) row.source = path;
    if (*text && tells_the_system(**text)) row.note = "shows the system's name or version";
    rows.push_back(std::move(row));
  }
  return {};
}

evidence::Table table_of(const Rows& rows) {
  evidence::Table table(*evidence::find_table("login_settings"));
  const auto yes_or_no = [](std::optional<bool> value) {
    return value ? Value(std::int64_t{*value}) : Value(kNull);
  };
  for (const auto& row : rows)
    table.add({{"setting", row.setting},
               {"scope", row.scope},
               {"value", row.value ? Value(*row.value) : Value(kNull)},
               {"seconds", number_or_null(row.seconds)},
               {"is_readonly", yes_or_no(row.is_readonly)},
               {"is_exported", yes_or_no(row.is_exported)},
               {"in_force", yes_or_no(row.is_in_force)},
               {"source", text_or_null(row.source)},
               {"line", number_or_null(row.line)},
               {"note", text_or_null(row.note)}});
  return table;
}

}  // namespace

Result<evidence::Table> collect_login_settings(Host& host) {
  PamReader pam(host);
  const auto opened = pam.open();
  if (!opened && opened.error().code() != Code::kNotFound) return fail(opened.error());
  auto* reader = opened ? &pam : nullptr;
  Rows rows;
  if (auto done = add_shells(host, rows); !done) return fail(done.error());
  weigh_profile(rows);
  if (auto done = add_environment(host, rows); !done) return fail(done.error());
  add_absent_timeout(rows);
  if (auto done = add_umask(host, reader, rows); !done) return fail(done.error());
  if (auto done = add_console_idle(host, rows); !done) return fail(done.error());
  if (auto done = add_securetty(host, reader, rows); !done) return fail(done.error());
  if (auto done = add_banners(host, rows); !done) return fail(done.error());
  auto autologin = autologin_settings(host);
  if (!autologin) return fail(autologin.error());
  std::move(autologin->begin(), autologin->end(), std::back_inserter(rows));
  return table_of(rows);
}

}  // namespace assay::agent
