#include "agent/probes/linux/updates/schedule/scheduled_tasks.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/schedule/task_list.h"

namespace assay::agent {

Result<evidence::Table> collect_scheduled_tasks(Host& host) {
  const auto tasks = read_scheduled_tasks(host);
  if (!tasks) return fail(tasks.error());
  evidence::Table table(*evidence::find_table("scheduled_tasks"));
  for (const auto& task : *tasks) {
    evidence::Value enabled = evidence::kNull;
    if (task.is_enabled) enabled = std::int64_t{*task.is_enabled ? 1 : 0};
    table.add({{"kind", task.kind},
               {"name", text_or_null(task.name)},
               {"schedule", text_or_null(task.schedule)},
               {"user", text_or_null(task.user)},
               {"program", text_or_null(task.program)},
               {"enabled", enabled},
               {"jobs", number_or_null(task.jobs)},
               {"source", task.source},
               {"line", number_or_null(task.line)},
               {"note", text_or_null(task.note)}});
  }
  return table;
}

}  // namespace assay::agent
