#include "agent/probes/linux/updates/schedule/cron_tasks.h"

#include "agent/probes/linux/processes/services.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/schedule/cron_table.h"

namespace assay::agent {
namespace {

constexpr std::string_view kNotUnderstood = "the line is no entry: cron does not use this file";

// Users' tables: Debian, SUSE, Alpine, and RHEL, where they lie beside the folders of the others.
constexpr std::array<std::string_view, 4> kUserFolders = {
    "/var/spool/cron/crontabs", "/var/spool/cron/tabs", "/etc/crontabs", "/var/spool/cron"};
constexpr std::array<std::string_view, 4> kNoUsers = {"crontabs", "tabs", "atjobs", "atspool"};

struct ScriptFolder {
  std::string_view path;
  std::string_view schedule;
};
constexpr std::array kScriptFolders = {
    ScriptFolder{"/etc/cron.hourly", "@hourly"},
    ScriptFolder{"/etc/cron.daily", "@daily"},
    ScriptFolder{"/etc/cron.weekly", "@weekly"},
    ScriptFolder{"/etc/cron.monthly", "@monthly"},
    ScriptFolder{"/etc/cron.yearly", "@yearly"},
    ScriptFolder{"/etc/periodic/hourly", "@hourly"},
    ScriptFolder{"/etc/periodic/daily", "@daily"},
    ScriptFolder{"/etc/periodic/weekly", "@weekly"},
    ScriptFolder{"/etc/periodic/monthly", "@monthly"},
};

bool is_name_of_part(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

bool is_left_over(std::string_view name) {
  for (const std::string_view end : {"~", ".rpmsave", ".rpmnew", ".rpmorig", ".swp", ".dpkg-old",
                                     ".dpkg-dist", ".dpkg-new", ".disabled"})
    if (name.ends_with(end)) return true;
  return name.starts_with('.') || name.starts_with('#');
}

class CronFiles {
 public:
  CronFiles(Host& host, std::vector<ScheduledTask>& tasks) : host_(host), tasks_(tasks) {}

  Status read() {
    if (auto found = find_daemon(); !found) return found;
    if (auto read = read_table("/etc/crontab", CronKind::kSystem, {}); !read) return read;
    if (auto read = read_parts(); !read) return read;
    if (auto read = read_users(); !read) return read;
    if (auto read = read_scripts(); !read) return read;
    return read_table("/etc/anacrontab", CronKind::kAnacron, "root");
  }

 private:
  // Whether cron is there and starts with the system: without it, its tables do nothing.
  Status find_daemon() {
    bool has_daemon = false;
    for (const std::string_view path :
         {"/usr/sbin/cron", "/usr/sbin/crond", "/sbin/crond", "/usr/sbin/fcron", "/usr/sbin/bcron",
          "/usr/bin/crond", "/usr/bin/busybox-cron"}) {
      const auto status = host_.status(path);
      if (!status && status.error().code() != Code::kNotFound) return fail(status.error());
      has_daemon |= status.has_value();
    }
    if (!has_daemon) {
      enabled_ = false;
      note_ = "no cron daemon is installed";
      return {};
    }
    constexpr std::array<std::string_view, 3> kUnits = {"cron.service", "crond.service",
                                                        "cronie.service"};
    const auto enabled = Services(host_).is_enabled(kUnits);
    if (!enabled) return fail(enabled.error());
    enabled_ = *enabled;
    if (!enabled_) note_ = "whether cron starts with the system is not known";
    // Debian's cron is strict about names; the others read all but left-overs.
    is_strict_ = host_.status("/var/lib/dpkg/status").has_value();
    return {};
  }

  [[nodiscard]] bool is_read(std::string_view name) const {
    return is_strict_ ? is_name_of_part(name) : !is_left_over(name);
  }

  // The cells that follow from the daemon and the file's name.
  [[nodiscard]] ScheduledTask task_of(std::string_view kind, const std::string& path,
                                      std::string_view name) const {
    ScheduledTask task{.kind = std::string(kind), .is_enabled = enabled_, .source = path};
    task.note = note_;
    if (!is_read(name)) {
      task.is_enabled = false;
      task.note = "cron ignores files of this name";
    }
    return task;
  }

  Status read_table(const std::string& path, CronKind kind, std::string_view user,
                    std::string_view part = {}) {
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(text.error());
    auto lines = parse_cron_table(*text, kind);
    const auto refused = refusal_of(path, kind, *text, lines);
    for (auto& line : lines) {
      auto task = task_of(kind == CronKind::kAnacron ? "anacron" : "cron", path, part);
      task.line = line.line;
      task.user = kind == CronKind::kSystem ? line.user : std::string(user);
      task.name = std::move(line.name);
      task.schedule = std::move(line.schedule);
      task.program = program_of_command(line.command);
      task.command = std::move(line.command);
      if (kind == CronKind::kAnacron && enabled_ == false) note_anacron(task);
      if (!refused.empty()) {
        task.is_enabled = false;
        task.note = refused;
      }
      if (task.schedule.empty()) task.note = kNotUnderstood;
      tasks_.push_back(std::move(task));
    }
    return {};
  }

  // Why Debian's cron uses no line of a table; empty when it does.
  [[nodiscard]] std::string refusal_of(const std::string& path, CronKind kind,
                                       std::string_view text,
                                       const std::vector<CronLine>& lines) const {
    if (!is_strict_ || kind == CronKind::kAnacron) return {};
    const auto status = host_.status(path);
    if (status && status->kind == FileKind::kRegular) {
      if (kind == CronKind::kUser && status->mode != 0600U)
        return "cron ignores the file: its mode is not 0600";
      if (kind == CronKind::kSystem && (status->uid != 0 || (status->mode & 022U) != 0))
        return "cron ignores the file: others than root may write it";
    }
    if (std::ranges::any_of(lines, [](const CronLine& line) { return line.schedule.empty(); }))
      return "cron does not use this file: one of its lines is no entry";
    const auto last = trimmed(text.substr(text.rfind('\n') + 1));
    if (!last.empty() && last.front() != '#')
      return "cron does not use this file: its last line has no end";
    return {};
  }

  // anacron has a timer or a start script of its own.
  void note_anacron(ScheduledTask& task) const {
    if (!host_.status("/usr/sbin/anacron")) return;
    task.is_enabled = std::nullopt;
    task.note = "whether anacron is started is not known";
  }

  Status read_parts() {
    const auto names = host_.list_directory("/etc/cron.d", kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) return {};
    if (!names) return fail(names.error());
    for (const auto& name : *names) {
      if (name == ".placeholder") continue;
      if (auto read = read_table("/etc/cron.d/" + name, CronKind::kSystem, {}, name); !read)
        return read;
    }
    return {};
  }

  Status read_users() {
    const bool is_alpine_link = host_.read_link("/var/spool/cron/crontabs").has_value();
    for (const auto folder : kUserFolders) {
      if (is_alpine_link && folder == "/var/spool/cron/crontabs") continue;
      const auto names = host_.list_directory(folder, kMaxDirectoryEntries);
      if (!names && names.error().code() == Code::kNotFound) continue;
      if (!names) return fail(names.error());
      for (const auto& name : *names) {
        const auto path = std::string(folder) + "/" + name;
        if (is_left_over(name) || std::ranges::find(kNoUsers, name) != kNoUsers.end()) continue;
        const auto status = host_.status(path);
        if (!status || status->kind != FileKind::kRegular) continue;
        if (auto read = read_table(path, CronKind::kUser, name); !read) return read;
      }
    }
    return {};
  }

  Status read_scripts() {
    for (const auto& folder : kScriptFolders) {
      const auto names = host_.list_directory(folder.path, kMaxDirectoryEntries);
      if (!names && names.error().code() == Code::kNotFound) continue;
      if (!names) return fail(names.error());
      for (const auto& name : *names)
        if (name != ".placeholder") add_script(folder, name);
    }
    return {};
  }

  void add_script(const ScriptFolder& folder, const std::string& name) {
    const auto path = std::string(folder.path) + "/" + name;
    const auto status = host_.status(path);
    if (!status || status->kind == FileKind::kDirectory) return;
    auto task = task_of("cron_folder", std::string(folder.path), name);
    task.name = name;
    task.schedule = folder.schedule;
    task.user = "root";
    task.program = task.command = path;
    if (status->kind == FileKind::kRegular && (status->mode & 0111U) == 0) {
      task.is_enabled = false;
      task.note = "it may not be executed";
    }
    tasks_.push_back(std::move(task));
  }

  Host& host_;
  std::vector<ScheduledTask>& tasks_;
  std::optional<bool> enabled_;
  std::string note_;
  bool is_strict_ = false;
};

}  // namespace

Status add_cron_tasks(Host& host, std::vector<ScheduledTask>& tasks) {
  return CronFiles(host, tasks).read();
}

}  // namespace assay::agent
