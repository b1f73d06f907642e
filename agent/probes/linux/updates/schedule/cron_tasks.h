// The tasks of cron and anacron, out of all their files and folders.
#pragma once

#include <vector>

#include "agent/probes/linux/updates/schedule/task_list.h"

namespace assay::agent {

[[nodiscard]] Status add_cron_tasks(Host& host, std::vector<ScheduledTask>& tasks);

}  // namespace assay::agent
