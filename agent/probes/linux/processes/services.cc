#include "agent/probes/linux/processes/services.h"

namespace assay::agent {
namespace {

constexpr std::string_view kLocalUnits = "/etc/systemd/system/";
constexpr std::array<std::string_view, 3> kUnitFolders = {kLocalUnits, "/usr/lib/systemd/system/",
                                                          "/lib/systemd/system/"};
constexpr std::array<std::string_view, 7> kTargets = {
    "multi-user", "graphical", "default", "sockets", "basic", "sysinit", "timers"};
constexpr std::array<std::string_view, 2> kControlGroups = {"/sys/fs/cgroup/system.slice/",
                                                            "/sys/fs/cgroup/systemd/system.slice/"};
constexpr std::array<std::string_view, 4> kRunLevels = {"/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d",
                                                        "/etc/rc5.d"};

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const auto part : parts) all += part;
  return all;
}

// "clamd@.service" of "clamd@scan.service"; the unit itself when it is no instance.
std::string template_of(std::string_view unit) {
  const auto at = unit.find('@');
  if (at == std::string_view::npos) return std::string(unit);
  return joined({unit.substr(0, at + 1), unit.substr(unit.rfind('.'))});
}

}  // namespace

Result<bool> Services::exists(std::string_view path) {
  const auto status = host_.status(path);
  if (status) return true;
  if (status.error().code() == Code::kNotFound) return false;
  return fail(status.error());
}

Result<bool> Services::has_unit(std::string_view unit) {
  for (const auto folder : kUnitFolders) {
    auto found = exists(joined({folder, template_of(unit)}));
    if (!found || *found) return found;
  }
  return false;
}

Status Services::load_wanted() {
  if (wanted_) return {};
  std::set<std::string, std::less<>> wanted;
  for (const auto folder : kUnitFolders)
    for (const auto target : kTargets)
      for (const std::string_view kind : {".target.wants", ".target.requires"}) {
        auto units = host_.list_directory(joined({folder, target, kind}), kMaxDirectoryEntries);
        if (units)
          wanted.insert(units->begin(), units->end());
        else if (units.error().code() != Code::kNotFound)
          return fail(std::move(units.error()));
      }
  wanted_ = std::move(wanted);
  return {};
}

Result<bool> Services::is_wanted(std::string_view unit) {
  // Masked: whatever wants it, it cannot start.
  const auto link = host_.read_link(joined({kLocalUnits, unit}));
  if (link && *link == "/dev/null") return false;
  if (auto loaded = load_wanted(); !loaded) return fail(std::move(loaded.error()));
  return wanted_->contains(unit);
}

// Of System V: /etc/rc2.d/S01name. Nothing when the script is not there at all.
Result<std::optional<bool>> Services::has_start_link(std::string_view script) {
  const auto has_script = exists(joined({"/etc/init.d/", script}));
  if (!has_script) return fail(has_script.error());
  if (!*has_script) return std::nullopt;
  for (const auto folder : kRunLevels) {
    const auto names = host_.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
    if (names && std::ranges::any_of(*names, [&](std::string_view name) {
          return name.size() > 3 && name[0] == 'S' && name.substr(3) == script;
        }))
      return true;
  }
  return false;
}

Result<std::optional<bool>> Services::is_enabled(std::span<const std::string_view> units) {
  std::optional<bool> enabled;
  for (const auto unit : units) {
    const auto known = has_unit(unit);
    if (!known) return fail(known.error());
    std::optional<bool> starts;
    if (*known) {
      const auto wanted = is_wanted(unit);
      if (!wanted) return fail(wanted.error());
      starts = *wanted;
    } else {
      const auto started = has_start_link(unit.substr(0, unit.rfind('.')));
      if (!started) return fail(started.error());
      starts = *started;
    }
    if (starts) enabled = enabled.value_or(false) || *starts;
  }
  return enabled;
}

Status Services::load_processes() {
  if (processes_) return {};
  const auto running = host_.processes();
  if (!running) return fail(running.error());
  auto& names = processes_.emplace();
  for (const auto& process : *running) {
    // Mounted with hidepid, /proc shows our own processes only, so not the first one.
    if (process.pid == 1) sees_all_processes_ = true;
    names.insert(process.name);
    if (!process.path.empty()) names.insert(process.path);
  }
  return {};
}

Result<std::optional<bool>> Services::is_running(std::span<const std::string_view> units,
                                                 std::span<const std::string_view> processes) {
  if (!host_.is_live()) return std::nullopt;
  for (const auto unit : units)
    for (const auto folder : kControlGroups) {
      const auto pids = host_.read_file(joined({folder, unit, "/cgroup.procs"}), kMaxConfigBytes);
      if (pids && !pids->empty()) return true;
    }
  if (auto loaded = load_processes(); !loaded) return fail(std::move(loaded.error()));
  for (const auto name : processes)
    if (processes_->contains(name)) return true;
  return sees_all_processes_ ? std::optional(false) : std::nullopt;
}

}  // namespace assay::agent
