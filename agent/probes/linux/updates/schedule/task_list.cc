#include "agent/probes/linux/updates/schedule/task_list.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/schedule/cron_tasks.h"
#include "agent/probes/linux/updates/schedule/unit_files.h"

namespace assay::agent {
namespace {

std::string first_word(std::string_view text) {
  text = trimmed(text);
  return std::string(text.substr(0, text.find_first_of(" \t")));
}

Status add_timers(Host& host, std::vector<ScheduledTask>& tasks) {
  const auto units = UnitFiles::load(host);
  if (!units) return fail(units.error());
  for (const auto& name : units->timers()) {
    const auto timer = units->read_timer(name);
    if (!timer) return fail(timer.error());
    const auto service = units->read_service(timer->unit);
    if (!service) return fail(service.error());
    ScheduledTask task{.kind = "systemd_timer", .name = name, .user = service->user};
    for (const auto& schedule : timer->schedules)
      task.schedule.append(task.schedule.empty() ? "" : "; ").append(schedule);
    if (task.user.empty()) task.user = "root";
    for (const auto& command : service->commands)
      task.command.append(task.command.empty() ? "" : "; ").append(command);
    // Those before the last prepare it.
    if (!service->commands.empty()) task.program = first_word(service->commands.back());
    task.is_enabled = units->is_enabled(name);
    task.source = timer->path;
    if (service->commands.empty())
      task.note = "it starts " + timer->unit + ", which has no command";
    tasks.push_back(std::move(task));
  }
  return {};
}

// Account names by uid, for at's jobs.
std::map<std::uint32_t, std::string> account_names(Host& host) {
  std::map<std::uint32_t, std::string> names;
  const auto text = host.read_file("/etc/passwd", kMaxConfigBytes);
  if (!text) return names;
  Lines lines(*text);
  while (const auto line = lines.next()) {
    const auto first = line->find(':');
    const auto second = first == std::string_view::npos ? first : line->find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const auto rest = line->substr(second + 1);
    if (const auto uid = decimal<std::uint32_t>(rest.substr(0, rest.find(':'))))
      names.emplace(*uid, line->substr(0, first));
  }
  return names;
}

// Waiting jobs of at: a file each, which its owner owns. What they run stays unread.
Status add_at_jobs(Host& host, std::vector<ScheduledTask>& tasks) {
  for (const std::string_view folder : {"/var/spool/cron/atjobs", "/var/spool/at"}) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    std::map<std::uint32_t, std::int64_t> counts;
    for (const auto& name : *names) {
      if (name.starts_with('.')) continue;  // .SEQ counts jobs
      const auto status = host.status(std::string(folder) + "/" + name);
      if (status && status->kind == FileKind::kRegular) ++counts[status->uid];
    }
    if (counts.empty()) continue;
    const auto accounts = account_names(host);
    for (const auto& [uid, count] : counts) {
      const auto account = accounts.find(uid);
      tasks.push_back({.kind = "at",
                       .user = account == accounts.end() ? std::to_string(uid) : account->second,
                       .jobs = count,
                       .source = std::string(folder)});
    }
  }
  return {};
}

}  // namespace

Result<std::vector<ScheduledTask>> read_scheduled_tasks(Host& host) {
  if (const auto folder = host.status("/etc"); !folder) return fail(folder.error());
  std::vector<ScheduledTask> tasks;
  if (auto added = add_cron_tasks(host, tasks); !added) return fail(std::move(added.error()));
  if (auto added = add_timers(host, tasks); !added) return fail(std::move(added.error()));
  if (auto added = add_at_jobs(host, tasks); !added) return fail(std::move(added.error()));
  return tasks;
}

}  // namespace assay::agent
