// Desktops that keep their settings in GSettings: GNOME, MATE, Cinnamon.
#include <array>

#include "agent/probes/linux/hardening/desktop/lock_row.h"
#include "agent/probes/linux/hardening/desktop/system_settings.h"

namespace assay::agent {
namespace {

struct Desktop {
  std::string_view name;
  std::array<std::string_view, 2> programs;
  std::string_view session_schema;
  std::string_view saver_schema;
  std::int64_t idle_unit_seconds;  // of idle-delay
  bool has_lock_delay;
};
constexpr std::array<Desktop, 3> kDesktops = {
    {{"gnome",
      {"/usr/bin/gnome-shell", "/usr/bin/gnome-flashback"},
      "org.gnome.desktop.session",
      "org.gnome.desktop.screensaver",
      1,
      true},
     {"mate",
      {"/usr/bin/mate-session", "/usr/bin/mate-screensaver"},
      "org.mate.session",
      "org.mate.screensaver",
      60,
      false},
     {"cinnamon",
      {"/usr/bin/cinnamon-session", "/usr/bin/cinnamon"},
      "org.cinnamon.desktop.session",
      "org.cinnamon.desktop.screensaver",
      1,
      true}}};

Result<LockRow> system_row(Host& host, const SystemSettings& settings, const Desktop& desktop) {
  const auto idle = settings.find(host, desktop.session_schema, "idle-delay");
  if (!idle) return fail(idle.error());
  const auto lock = settings.find(host, desktop.saver_schema, "lock-enabled");
  if (!lock) return fail(lock.error());
  const auto delay = settings.find(host, desktop.saver_schema, "lock-delay");
  if (!delay) return fail(delay.error());

  LockRow row{.desktop = std::string(desktop.name)};
  row.note = settings.note();
  if (*idle) {
    if (const auto number = gvariant_number((*idle)->text);
        number && *number >= 0 && *number <= 1'000'000'000)
      row.idle_seconds = *number * desktop.idle_unit_seconds;
    row.source = (*idle)->source;
    row.line = (*idle)->line;
  }
  if (*lock) row.is_lock_enabled = gvariant_truth((*lock)->text);
  if (*delay && desktop.has_lock_delay) row.delay_seconds = gvariant_number((*delay)->text);
  row.is_mandatory = *idle && (*idle)->is_locked && *lock && (*lock)->is_locked;
  if (!row.idle_seconds || !row.is_lock_enabled)
    row.note.append(row.note.empty() ? "" : "; ")
        .append("the schema with the default is not installed, or its value is no number");
  return row;
}

}  // namespace

Status add_gsettings_desktops(Host& host, const std::vector<DesktopUser>& users,
                              std::vector<LockRow>& rows) {
  std::optional<SystemSettings> settings;
  for (const auto& desktop : kDesktops) {
    const auto is_there = has_program(host, {desktop.programs[0], desktop.programs[1]});
    if (!is_there) return fail(is_there.error());
    if (!*is_there) continue;
    if (!settings) {
      auto read = SystemSettings::read(host);
      if (!read) return fail(read.error());
      settings = *std::move(read);
    }
    auto row = system_row(host, *settings, desktop);
    if (!row) return fail(row.error());
    const bool is_mandatory = row->is_mandatory == true;
    rows.push_back(*std::move(row));
    if (is_mandatory) continue;
    for (const auto& user : users) {
      if (is_passed_over(std::string(desktop.name), user, rows)) continue;
      const auto path = user.home + "/.config/dconf/user";
      if (!host.status(path)) continue;
      rows.push_back({.desktop = std::string(desktop.name),
                      .user = user.name,
                      .source = path,
                      .note = "the user may have set other values: they are in a database that is "
                              "not read"});
    }
  }
  return {};
}

}  // namespace assay::agent
