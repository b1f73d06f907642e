// Desktops and lockers with files of their own: KDE Plasma, Xfce, XScreenSaver; and logind,
// which ends or locks sessions of any kind.
#include <array>

#include "agent/probes/linux/hardening/desktop/key_file.h"
#include "agent/probes/linux/hardening/desktop/lock_row.h"
#include "agent/probes/linux/hardening/desktop/time_span.h"
#include "agent/probes/linux/hardening/desktop/xfconf.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kMostMinutes = 10'000'000;

Result<std::optional<std::string>> system_file(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return *std::move(text);
  if (text.error().code() == Code::kNotFound) return std::nullopt;
  return fail(text.error());
}

std::optional<std::int64_t> minutes(std::string_view text) {
  const auto number = decimal(text);
  if (!number || *number < 0 || *number > kMostMinutes) return std::nullopt;
  return *number * 60;
}

std::optional<bool> truth(std::string_view text) {
  const auto small = in_small_letters(text);
  if (small == "true" || small == "1" || small == "yes" || small == "on") return true;
  if (small == "false" || small == "0" || small == "no" || small == "off") return false;
  return std::nullopt;
}

// Plasma locks after 5 minutes, 5 seconds after the screen went dark, unless files say otherwise.
void read_kscreenlockerrc(std::string_view text, const std::string& path, LockRow& row) {
  const auto lines = parse_desktop_keys(text);
  if (const auto* autolock = last_desktop_key(lines, "Daemon", "Autolock"))
    row.is_lock_enabled = truth(autolock->value);
  if (const auto* grace = last_desktop_key(lines, "Daemon", "LockGrace"))
    row.delay_seconds = decimal(grace->value);
  if (const auto* timeout = last_desktop_key(lines, "Daemon", "Timeout")) {
    row.idle_seconds = minutes(timeout->value);
    row.source = path;
    row.line = timeout->line;
    row.is_mandatory = timeout->is_locked;
  }
}

void read_xfce(std::string_view xml, const std::string& path, LockRow& row) {
  const auto values = parse_xfconf(xml);
  const auto find = [&](std::string_view name) -> const XfconfValue* {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
  };
  if (const auto* delay = find("/saver/idle-activation/delay")) {
    row.idle_seconds = minutes(delay->text);
    row.is_mandatory = delay->is_locked;
    row.source = path;
  }
  for (const auto* name : {"/saver/enabled", "/saver/idle-activation/enabled"})
    if (const auto* on = find(name); on != nullptr && truth(on->text) == false)
      row.idle_seconds = 0;
  for (const auto* name : {"/lock/enabled", "/lock/saver-activation/enabled"})
    if (const auto* on = find(name); on != nullptr) {
      const auto value = truth(on->text);
      if (!value || !*value || !row.is_lock_enabled) row.is_lock_enabled = value;
    }
  if (const auto* delay = find("/lock/saver-activation/delay"))
    row.delay_seconds = minutes(delay->text);
}

// "timeout: 0:10:00", in the system's file "*timeout: 0:10:00".
void read_xscreensaver(std::string_view text, const std::string& path, LockRow& row) {
  Lines lines(text);
  std::optional<bool> is_off;
  while (const auto line = lines.next()) {
    auto content = trimmed(*line);
    if (content.starts_with('*')) content.remove_prefix(1);
    const auto colon = content.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = trimmed(content.substr(0, colon));
    const auto value = trimmed(content.substr(colon + 1));
    if (name == "timeout") {
      row.idle_seconds = clock_seconds(value);
      row.source = path;
      row.line = lines.number();
    } else if (name == "lock") {
      row.is_lock_enabled = truth(value);
    } else if (name == "lockTimeout") {
      row.delay_seconds = clock_seconds(value);
    } else if (name == "mode") {
      is_off = value == "off";
    }
  }
  if (is_off == true) row.idle_seconds = 0;
}

using Read = void (*)(std::string_view text, const std::string& path, LockRow& row);

struct Files {
  std::string_view desktop;
  std::string_view system_path;
  std::string_view path_in_home;
  Read read;
};

// A row of the system, from its file over the built-in values, and one for each user with a file.
Status add_files(Host& host, const std::vector<DesktopUser>& users, const Files& files, LockRow row,
                 std::vector<LockRow>& rows) {
  row.desktop = files.desktop;
  const std::string path(files.system_path);
  const auto text = system_file(host, path);
  if (!text) return fail(text.error());
  if (*text) files.read(**text, path, row);
  if (row.source.empty() && row.note.empty()) row.note = "the program's own default";
  const bool is_mandatory = row.is_mandatory == true;
  rows.push_back(row);
  if (is_mandatory) return {};
  for (const auto& user : users) {
    const auto own = user.home + std::string(files.path_in_home);
    const auto own_text = user_file(host, std::string(files.desktop), user, own, rows);
    if (!own_text) continue;
    auto own_row = row;
    own_row.user = user.name;
    own_row.note.clear();
    own_row.is_mandatory = false;
    files.read(*own_text, own, own_row);
    rows.push_back(std::move(own_row));
  }
  return {};
}

}  // namespace

Status add_kde(Host& host, const std::vector<DesktopUser>& users, std::vector<LockRow>& rows) {
  const auto is_there = has_program(host, {"/usr/bin/plasmashell"});
  if (!is_there) return fail(is_there.error());
  if (!*is_there) return {};
  return add_files(
      host, users,
      {"kde", "/etc/xdg/kscreenlockerrc", "/.config/kscreenlockerrc", read_kscreenlockerrc},
      {.desktop = {},
       .user = {},
       .idle_seconds = 300,
       .is_lock_enabled = true,
       .delay_seconds = 5,
       .is_mandatory = false},
      rows);
}

Status add_xfce(Host& host, const std::vector<DesktopUser>& users, std::vector<LockRow>& rows) {
  const auto session = has_program(host, {"/usr/bin/xfce4-session"});
  if (!session) return fail(session.error());
  if (!*session) return {};
  const auto saver = has_program(host, {"/usr/bin/xfce4-screensaver"});
  if (!saver) return fail(saver.error());
  if (!*saver) {
    const auto other = has_program(
        host, {"/usr/bin/xscreensaver", "/usr/bin/light-locker", "/usr/bin/mate-screensaver"});
    if (!other) return fail(other.error());
    LockRow row{.desktop = "xfce"};
    row.is_mandatory = false;
    if (*other) {
      row.note = "another program locks the screen: see its row, or it keeps its times elsewhere";
    } else {
      row.is_lock_enabled = false;
      row.note = "no program that locks the screen is installed";
    }
    rows.push_back(std::move(row));
    return {};
  }
  constexpr std::string_view kChannel = "/xfce4/xfconf/xfce-perchannel-xml/xfce4-screensaver.xml";
  const auto system_path = std::string("/etc/xdg").append(kChannel);
  const auto path_in_home = std::string("/.config").append(kChannel);
  return add_files(host, users, {"xfce", system_path, path_in_home, read_xfce},
                   {.desktop = {},
                    .user = {},
                    .idle_seconds = 300,
                    .is_lock_enabled = true,
                    .delay_seconds = 0,
                    .is_mandatory = false},
                   rows);
}

Status add_xscreensaver(Host& host, const std::vector<DesktopUser>& users,
                        std::vector<LockRow>& rows) {
  const auto is_there = has_program(host, {"/usr/bin/xscreensaver"});
  if (!is_there) return fail(is_there.error());
  if (!*is_there) return {};
  return add_files(
      host, users,
      {"xscreensaver", "/etc/X11/app-defaults/XScreenSaver", "/.xscreensaver", read_xscreensaver},
      {.desktop = {},
       .user = {},
       .idle_seconds = 600,
       .is_lock_enabled = false,
       .delay_seconds = 0,
       .is_mandatory = false},
      rows);
}

Status add_logind(Host& host, std::vector<LockRow>& rows) {
  const auto is_there =
      has_program(host, {"/usr/lib/systemd/systemd-logind", "/lib/systemd/systemd-logind"});
  if (!is_there) return fail(is_there.error());
  if (!*is_there) return {};
  std::vector<std::string> paths = {"/etc/systemd/logind.conf"};
  for (const auto* folder : {"/usr/lib/systemd/logind.conf.d", "/etc/systemd/logind.conf.d"}) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
    if (!names) continue;
    for (const auto& name : *names)
      if (name.ends_with(".conf")) paths.push_back(std::string(folder).append("/").append(name));
  }
  LockRow row{.desktop = "logind", .user = {}, .idle_seconds = 0, .is_lock_enabled = false};
  row.is_mandatory = true;
  row.note = "sessions without input are neither ended nor locked";
  std::string action = "ignore";
  std::optional<std::int64_t> action_seconds = 1800;
  std::optional<std::int64_t> stop_seconds = 0;
  for (const auto& path : paths) {
    const auto text = system_file(host, path);
    if (!text) return fail(text.error());
    for (const auto& line : parse_desktop_keys(text->value_or(""))) {
      if (line.group != "Login") continue;
      const bool is_of_action = line.key == "IdleAction";
      if (is_of_action) action = in_small_letters(line.value);
      if (line.key == "IdleActionSec") action_seconds = systemd_seconds(line.value);
      if (line.key == "StopIdleSessionSec") stop_seconds = systemd_seconds(line.value);
      if (is_of_action || line.key == "StopIdleSessionSec") {
        row.source = path;
        row.line = line.line;
      }
    }
  }
  if (action == "lock") {
    row.idle_seconds = action_seconds;
    row.is_lock_enabled = true;
    row.note = "IdleAction=lock";
  } else if (stop_seconds != 0) {
    row.idle_seconds = stop_seconds;
    row.is_lock_enabled = true;
    row.note = "StopIdleSessionSec: the session is ended, not locked";
  }
  rows.push_back(std::move(row));
  return {};
}

}  // namespace assay::agent
