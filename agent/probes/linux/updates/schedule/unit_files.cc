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
constexpr std::size_t kMaxPrefixes = 32;

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

// Names of the folders whose drop-ins count for a unit, those that win first: its own, its
// template's, and those of its name cut behind each hyphen ("a-.timer.d" for "a-b.timer").
std::vector<std::string> drop_in_folders(const std::string& unit) {
  std::vector<std::string> names{unit + ".d"};
  const auto dot = unit.rfind('.');
  if (unit.contains('@')) {
    names.push_back(template_of(unit) + ".d");
    return names;
  }
  constexpr auto kNone = std::string::npos;
  for (auto end = dot; end != kNone && end > 1 && names.size() < kMaxPrefixes;) {
    end = unit.rfind('-', end - 1);
    if (end == kNone || end == 0) break;
    names.push_back(unit.substr(0, end + 1) + unit.substr(dot) + ".d");
  }
  return names;
}

// The name of the unit that a link stands for when it is another's.
bool is_alias(std::string_view name, std::string_view target) {
  const auto unit = target.substr(target.rfind('/') + 1);
  return target != "/dev/null" && unit != name && unit != template_of(name);
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
    } else if (name.ends_with(".timer.d") || name.ends_with(".service.d") || name == "timer.d" ||
               name == "service.d") {
      drop_ins_.insert(path);
    } else if (name.ends_with(".timer") || name.ends_with(".service") ||
               name.ends_with(".socket")) {
      if (!files_.emplace(name, path).second || !name.ends_with(".timer")) continue;
      const auto link = host_->read_link(path);
      if (is_masked(path)) masked_.insert(name);
      if (link && is_alias(name, *link)) aliases_.insert(name);
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

// A link to /dev/null, or a file without a byte.
bool UnitFiles::is_masked(const std::string& path) const {
  if (const auto link = host_->read_link(path)) return *link == "/dev/null";
  const auto status = host_->status(path);
  return status && status->kind == FileKind::kRegular && status->size_bytes == 0;
}

std::optional<bool> UnitFiles::is_enabled(std::string_view unit) const {
  const auto path = path_of(unit);
  if (path.empty()) return std::nullopt;
  if (masked_.contains(unit)) return false;
  if (!unit.ends_with(".timer") && is_masked(path)) return false;
  return wanted_.contains(unit);
}

std::vector<std::string> UnitFiles::timers() const {
  std::set<std::string> names;
  for (const auto& [name, path] : files_)
    if (name.ends_with(".timer") && !is_template(name) && !aliases_.contains(name))
      names.insert(name);
  for (const auto& name : wanted_)
    if (name.ends_with(".timer") && has(name) && !aliases_.contains(name)) names.insert(name);
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
  const auto drop_ins = drop_ins_of(unit);
  if (!drop_ins) return fail(drop_ins.error());
  for (const auto& [name, drop_in] : *drop_ins) {
    auto text = host_->read_file(drop_in, kMaxConfigBytes);
    if (text)
      texts.push_back(*std::move(text));
    else if (text.error().code() != Code::kNotFound && text.error().code() != Code::kInvalidData)
      return fail(std::move(text.error()));  // invalid data: a link to /dev/null
  }
  return texts;
}

// By name, whatever their folder; of two of a name the first by folder.
Result<std::map<std::string, std::string>> UnitFiles::drop_ins_of(const std::string& unit) const {
  std::vector<std::string> folders;
  const auto names = drop_in_folders(unit);
  for (const auto folder : kFolders)
    for (const auto& name : names) folders.push_back(std::string(folder) + "/" + name);
  // Those of every unit of the type come last.
  for (const auto folder : kFolders)
    folders.push_back(std::string(folder) + "/" + unit.substr(unit.rfind('.') + 1) + ".d");
  std::map<std::string, std::string> found;
  for (const auto& folder : folders) {
    if (!drop_ins_.contains(folder)) continue;
    const auto files = host_->list_directory(folder, kMaxDirectoryEntries);
    if (!files) return fail(files.error());
    for (const auto& file : *files)
      if (file.ends_with(".conf")) found.emplace(file, folder + "/" + file);
  }
  return found;
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
