#include "agent/probes/linux/updates/backup/backup_jobs.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/backup/backup_tools.h"
#include "agent/probes/linux/updates/backup/last_success.h"
#include "agent/probes/linux/updates/flags.h"
#include "agent/probes/linux/updates/schedule/task_list.h"
#include "agent/probes/linux/updates/schedule/unit_files.h"

namespace assay::agent {
namespace {

void append(std::string& list, std::string_view separator, std::string_view text) {
  if (text.empty()) return;
  if (!list.empty()) list += separator;
  list += text;
}

bool is_part_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// `word` as a whole name: "/usr/bin/restic" and "restic.timer", but not "mirestic".
bool mentions(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_part_of_name(text[at - 1])) &&
        (end == text.size() || !is_part_of_name(text[end])))
      return true;
  }
  return false;
}

bool calls(const ScheduledTask& task, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) {
    return mentions(task.command, word) || mentions(task.name, word);
  });
}

// Nothing but its name says that it makes a backup.
bool has_telling_name(const ScheduledTask& task) {
  const auto is_telling = [](std::string_view text) {
    return text.contains("backup") || text.contains("Backup") || text.contains("BACKUP");
  };
  // These keep copies of small files of the system itself.
  for (const std::string_view own : {"dpkg-db-backup", "passwd", "dpkg"})
    if (task.name == own || task.name.starts_with("dpkg-db-backup.")) return false;
  return is_telling(task.program) || is_telling(task.name);
}

struct Job {
  std::string_view tool;
  std::string_view kind;
  bool is_installed = false;
  std::optional<bool> is_enabled;
  std::string schedule;
  LastSuccess last;
  std::string sources;
  std::string notes;
};

void add_job(const Job& job, evidence::Table& table) {
  auto notes = job.notes;
  append(notes, "; ", job.last.note);
  auto sources = job.sources;
  append(sources, ", ", job.last.source);
  table.add({{"tool", std::string(job.tool)},
             {"kind", text_or_null(job.kind)},
             {"installed", std::int64_t{job.is_installed ? 1 : 0}},
             {"enabled", flag_or_null(job.is_enabled)},
             {"schedule", text_or_null(job.schedule)},
             {"last_success", text_or_null(job.last.day)},
             {"source", text_or_null(sources)},
             {"note", text_or_null(notes)}});
}

void apply(const ScheduledTask& task, Job& job) {
  append(job.schedule, "; ", task.schedule);
  append(job.sources, ", ", task.source);
  if (!task.is_enabled) append(job.notes, "; ", task.note);
  // One task that runs is enough.
  if (job.is_enabled == true) return;
  job.is_enabled = task.is_enabled;
}

class Inspection {
 public:
  Inspection(Host& host, std::vector<ScheduledTask> tasks, UnitFiles units)
      : host_(host), tasks_(std::move(tasks)), units_(std::move(units)) {
    is_known_.resize(tasks_.size());
  }

  Status inspect(const BackupTool& tool, evidence::Table& table) {
    Job job{.tool = tool.name, .kind = tool.kind};
    const auto installed = find_program(tool, job);
    if (!installed) return fail(installed.error());
    job.is_installed = *installed;
    bool is_scheduled = false;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (!calls(tasks_[i], tool.words)) continue;
      is_known_[i] = is_scheduled = true;
      apply(tasks_[i], job);
    }
    if (!is_scheduled && (!job.is_installed || tool.only_when_scheduled)) return {};
    find_service(tool, is_scheduled, job);
    job.last = last_success_of(host_, tool.name);
    add_job(job, table);
    return {};
  }

  // Tasks that no known tool explains, but that call themselves backups.
  void add_others(evidence::Table& table) const {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (is_known_[i] || !has_telling_name(tasks_[i])) continue;
      Job job{.tool = tasks_[i].program.empty() ? std::string_view(tasks_[i].name)
                                                : std::string_view(tasks_[i].program),
              .is_installed = true};
      apply(tasks_[i], job);
      append(job.notes, "; ", "recognised by its name only");
      add_job(job, table);
    }
  }

 private:
  Result<bool> find_program(const BackupTool& tool, Job& job) {
    bool is_installed = false;
    for (const auto program : tool.programs) {
      const auto status = host_.status(program);
      if (!status && status.error().code() == Code::kNotFound) continue;
      if (!status && status.error().code() == Code::kPermissionDenied) {
        append(job.notes, "; ", std::string(program) + " may not be looked at");
        continue;
      }
      if (!status) return fail(status.error());
      is_installed = true;
      append(job.sources, ", ", program);
    }
    return is_installed;
  }

  void find_service(const BackupTool& tool, bool is_scheduled, Job& job) const {
    for (const auto unit : tool.units) {
      const auto enabled = units_.is_enabled(unit);
      if (!enabled) continue;
      append(job.sources, ", ", unit);
      if (job.is_enabled != true) job.is_enabled = *enabled;
      append(job.notes, "; ", "its server decides when");
      return;
    }
    if (is_scheduled) return;
    if (tool.units.empty()) {
      job.is_enabled = false;
      append(job.notes, "; ", "neither cron nor a timer of the system calls it");
    } else {
      append(job.notes, "; ", "no service of it is known to the system");
    }
  }

  Host& host_;
  std::vector<ScheduledTask> tasks_;
  UnitFiles units_;
  std::vector<bool> is_known_;
};

}  // namespace

Result<evidence::Table> collect_backup_jobs(Host& host) {
  auto tasks = read_scheduled_tasks(host);
  if (!tasks) return fail(std::move(tasks.error()));
  auto units = UnitFiles::load(host);
  if (!units) return fail(std::move(units.error()));
  evidence::Table table(*evidence::find_table("backup_jobs"));
  Inspection inspection(host, *std::move(tasks), *std::move(units));
  for (const auto& tool : backup_tools())
    if (auto done = inspection.inspect(tool, table); !done) return fail(std::move(done.error()));
  inspection.add_others(table);
  return table;
}

}  // namespace assay::agent
