#include "agent/probes/linux/accounts/login_rules/autologin.h"

#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "agent/probes/linux/accounts/login_rules/section_files.h"
#include "agent/probes/linux/accounts/password_policy/pam_control.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

struct Manager {
  std::string_view name;
  std::array<std::string_view, 4> places;  // files, or folders of *.conf; a later one wins
  std::string_view section;                // its beginning
  std::string_view user_key;
  std::string_view switch_key;  // must be true; or empty
};
constexpr std::array<Manager, 6> kManagers = {
    Manager{"gdm",
            {"/etc/gdm/custom.conf", "/etc/gdm3/custom.conf", "/etc/gdm3/daemon.conf", ""},
            "daemon",
            "AutomaticLogin",
            "AutomaticLoginEnable"},
    Manager{"gdm",
            {"/etc/gdm/custom.conf", "/etc/gdm3/custom.conf", "/etc/gdm3/daemon.conf", ""},
            "daemon",
            "TimedLogin",
            "TimedLoginEnable"},
    Manager{"lightdm",
            {"/usr/share/lightdm/lightdm.conf.d/", "/etc/lightdm/lightdm.conf.d/",
             "/etc/lightdm/lightdm.conf", ""},
            "Seat",
            "autologin-user",
            ""},
    Manager{"sddm",
            {"/usr/lib/sddm/sddm.conf.d/", "/etc/sddm.conf.d/", "/etc/sddm.conf", ""},
            "Autologin",
            "User",
            ""},
    Manager{"lxdm", {"/etc/lxdm/lxdm.conf", "", "", ""}, "base", "autologin", ""},
    Manager{"greetd", {"/etc/greetd/config.toml", "", "", ""}, "initial_session", "user", ""},
};
constexpr std::string_view kSuse = "/etc/sysconfig/displaymanager";
constexpr std::string_view kUnits = "/etc/systemd/system";

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

LoginSetting logs_in(std::string_view scope, std::string_view user, const std::string& path,
                     std::int64_t line) {
  LoginSetting row{.setting = "autologin", .scope = std::string(scope)};
  row.value = std::string(user);
  row.is_in_force = true;
  row.source = path;
  row.line = line;
  return row;
}

bool is_true(std::string_view value) {
  return equals_ignoring_case(value, "true") || value == "1" || equals_ignoring_case(value, "yes");
}

Status add_manager(Host& host, const Manager& manager, std::vector<LoginSetting>& rows) {
  std::vector<PlacedSetting> lines;
  for (const auto place : manager.places) {
    if (place.empty()) continue;
    const std::string path(place);
    auto found = path.ends_with('/')
                     ? read_section_folder(host, path.substr(0, path.size() - 1), ".conf")
                     : read_section_file(host, path);
    if (!found) return fail(found.error());
    std::move(found->begin(), found->end(), std::back_inserter(lines));
  }
  const PlacedSetting* user = nullptr;
  bool is_on = manager.switch_key.empty();
  for (const auto& line : lines) {
    if (!line.section.starts_with(manager.section)) continue;
    if (equals_ignoring_case(line.key, manager.user_key)) user = &line;
    if (!manager.switch_key.empty() && equals_ignoring_case(line.key, manager.switch_key))
      is_on = is_true(line.value);
  }
  if (user == nullptr || !is_on || unquoted(user->value).empty()) return {};
  rows.push_back(logs_in(manager.name, unquoted(user->value), user->path, user->line));
  return {};
}

Status add_suse(Host& host, std::vector<LoginSetting>& rows) {
  const auto lines = read_section_file(host, std::string(kSuse));
  if (!lines) return fail(lines.error());
  const auto* user = last_of(*lines, "", "DISPLAYMANAGER_AUTOLOGIN");
  if (user != nullptr && !unquoted(user->value).empty())
    rows.push_back(logs_in("displaymanager", unquoted(user->value), user->path, user->line));
  return {};
}

// The account behind "--autologin" or "-a" of a getty's command line.
std::string_view getty_user(std::string_view command) {
  bool is_next = false;
  while (!(command = trimmed(command)).empty()) {
    const auto word = command.substr(0, command.find_first_of(" \t"));
    command.remove_prefix(word.size());
    if (is_next) return unquoted(word);
    constexpr std::string_view kLong = "--autologin=";
    if (word.starts_with(kLong)) return unquoted(word.substr(kLong.size()));
    is_next = word == "--autologin" || word == "-a";
  }
  return {};
}

Status add_getty(Host& host, std::vector<LoginSetting>& rows) {
  const auto names = host.list_directory(kUnits, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (name.find("getty@") == std::string::npos && !name.starts_with("console-getty")) continue;
    const auto path = std::string(kUnits) + "/" + name;
    const auto lines = name.ends_with(".d")         ? read_section_folder(host, path, ".conf")
                       : name.ends_with(".service") ? read_section_file(host, path)
                                                    : std::vector<PlacedSetting>();
    if (!lines) return fail(lines.error());
    const auto* start = last_of(*lines, "Service", "ExecStart");
    const auto user = start == nullptr ? std::string_view() : getty_user(start->value);
    if (!user.empty()) rows.push_back(logs_in("getty", user, start->path, start->line));
  }
  return {};
}

}  // namespace

Result<std::vector<LoginSetting>> autologin_settings(Host& host) {
  std::vector<LoginSetting> rows;
  for (const auto& manager : kManagers)
    if (auto done = add_manager(host, manager, rows); !done) return fail(done.error());
  if (auto done = add_suse(host, rows); !done) return fail(done.error());
  if (auto done = add_getty(host, rows); !done) return fail(done.error());
  if (rows.empty()) {
    LoginSetting none{.setting = "autologin", .scope = "all"};
    none.is_in_force = false;
    none.note = "neither a display manager nor a getty logs anybody in by itself";
    rows.push_back(std::move(none));
  }
  return rows;
}

}  // namespace assay::agent
