#include "agent/probes/linux/updates/schedule/unit_files.h"

#include "agent/probes/linux/updates/section_rules.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 5> kFolders = {
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system"};
constexpr std::array<std::string_view, 6> kTimes = {"OnCalendar",      "OnBootSec",
                                                    "OnActiveSec",     "OnStartupSec",
                                                    "OnUnitActiveSec", "OnUnitInactiveSec"};
constexpr std::size_t kMaxSchedules = 64;
constexpr std::size_t kMaxCommands = 64;

// "pg_dump@.timer" of "pg_dump@15-main.timer"; the unit itself when it is no instance.
std::string template_of(std::string_view unit) {
  const auto at = unit.find('@');
  const auto dot = unit.rfind('.');
  if (at == std::string_view::npos || dot == std::string_view::npos || dot < at)
    return std::string(unit);
  return std::string(unit.substr(0, at + 1)).append(unit.substr(dot));
}

bool is_template(std::string_view unit) {
  return unit.contains("@.");
}

}  // namespace

Status add_timer_text(std::string_view text, TimerUnit& timer) {
  const auto entries = parse_sections(text, kUnitSections);
  if (!entries) return fail(entries.error());
  for (const auto& entry : *entries) {
    if (entry.section != "Timer") continue;
    if (entry.key == "Unit") timer.unit = entry.value;
    if (std::ranges::find(kTimes, entry.key) == kTimes.end()) continue;
    if (entry.value.empty())
      timer.schedules.clear();  // an empty value forgets what was said before
    else if (timer.schedules.size() < kMaxSchedules)
      timer.schedules.push_back(std::string(entry.key) + "=" + entry.value);
  }
  return {};
}

Status add_service_text(std::string_view text, ServiceUnit& service) {
  const auto entries = parse_sections(text, kUnitSections);
  if (!entries) return fail(entries.error());
  for (const auto& entry : *entries) {
    if (entry.section != "Service") continue;
    if (entry.key == "User") service.user = entry.value;
    if (entry.key != "ExecStart") continue;
    if (entry.value.empty()) service.commands.clear();
    const auto begin = entry.value.find_first_not_of("-@:+!|");
    if (begin != std::string::npos && service.commands.size() < kMaxCommands)
      service.commands.push_back(entry.value.substr(begin));
  }
  return {};
}

Result<UnitFiles> UnitFiles::load(Host& host) {
  UnitFiles units(host);
  for (const auto folder : kFolders)
    if (auto loaded = units.load_folder(std::string(folder)); !loaded)
      return fail(std::move(loaded.error()));
  return units;
}

Status UnitFiles::load_folder(const std::string& folder) {
  const auto names = host_->list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  // Most systems have /lib as another name of /usr/lib: the same files once more.
  const bool is_again = folder == "/lib/systemd/system" && host_->read_link("/lib").has_value();
  if (is_again) return {};
  for (const auto& name : *names) {
    const auto path = folder + "/" + name;
    if (name.ends_with(".wants") || name.ends_with(".requires")) {
      if (auto loaded = load_wants(path); !loaded) return loaded;
    } else if (name.ends_with(".timer.d") || name.ends_with(".service.d")) {
      drop_ins_.insert(path);
    } else if (name.ends_with(".timer") || name.ends_with(".service") ||
               name.ends_with(".socket")) {
      if (!files_.emplace(name, path).second || !name.ends_with(".timer")) continue;
      const auto link = host_->read_link(path);
      if (link && *link == "/dev/null") masked_.insert(name);
    }
  }
  return {};
}

Status UnitFiles::load_wants(const std::string& folder) {
  const auto names = host_->list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  wanted_.insert(names->begin(), names->end());
  return {};
}

std::string UnitFiles::path_of(std::string_view unit) const {
  auto found = files_.find(unit);
  if (found == files_.end()) found = files_.find(template_of(unit));
  return found == files_.end() ? std::string() : found->second;
}

std::optional<bool> UnitFiles::is_enabled(std::string_view unit) const {
  const auto path = path_of(unit);
  if (path.empty()) return std::nullopt;
  if (masked_.contains(unit)) return false;
  if (!unit.ends_with(".timer")) {
    const auto link = host_->read_link(path);
    if (link && *link == "/dev/null") return false;
  }
  return wanted_.contains(unit);
}

std::vector<std::string> UnitFiles::timers() const {
  std::set<std::string> names;
  for (const auto& [name, path] : files_)
    if (name.ends_with(".timer") && !is_template(name)) names.insert(name);
  for (const auto& name : wanted_)
    if (name.ends_with(".timer") && has(name)) names.insert(name);
  return {names.begin(), names.end()};
}

Result<std::vector<std::string>> UnitFiles::texts_of(const std::string& unit) const {
  std::vector<std::string> texts;
  const auto path = path_of(unit);
  if (path.empty()) return texts;
  const auto main = host_->read_file(path, kMaxConfigBytes);
  if (main)
    texts.push_back(*main);
  else if (main.error().code() != Code::kNotFound && main.error().code() != Code::kInvalidData)
    return fail(main.error());  // invalid data: it is masked, a link to /dev/null
  for (auto folder = kFolders.rbegin(); folder != kFolders.rend(); ++folder) {
    const auto drop_ins = std::string(*folder) + "/" + unit + ".d";
    if (!drop_ins_.contains(drop_ins)) continue;
    const auto names = host_->list_directory(drop_ins, kMaxDirectoryEntries);
    if (!names) return fail(names.error());
    for (const auto& name : *names) {
      if (!name.ends_with(".conf")) continue;
      auto text = host_->read_file(drop_ins + "/" + name, kMaxConfigBytes);
      if (!text) return fail(std::move(text.error()));
      texts.push_back(*std::move(text));
    }
  }
  return texts;
}

Result<TimerUnit> UnitFiles::read_timer(const std::string& name) const {
  TimerUnit timer{.name = name, .path = path_of(name)};
  const auto texts = texts_of(name);
  if (!texts) return fail(texts.error());
  for (const auto& text : *texts)
    if (auto added = add_timer_text(text, timer); !added) return fail(std::move(added.error()));
  if (timer.unit.empty()) timer.unit = name.substr(0, name.rfind('.')) + ".service";
  return timer;
}

Result<ServiceUnit> UnitFiles::read_service(const std::string& name) const {
  ServiceUnit service;
  const auto texts = texts_of(name);
  if (!texts) return fail(texts.error());
  for (const auto& text : *texts)
    if (auto added = add_service_text(text, service); !added) return fail(std::move(added.error()));
  return service;
}

}  // namespace assay::agent
