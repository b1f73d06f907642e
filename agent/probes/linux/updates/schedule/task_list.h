// All tasks that the machine starts by itself at set times: for scheduled_tasks, and for those who
// look for one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct ScheduledTask {
  std::string kind;
  std::string name;
  std::string schedule;
  std::string user;
  std::string program;
  std::string command;  // in full: may hold secrets, never for a table
  std::optional<bool> is_enabled;
  std::optional<std::int64_t> jobs;
  std::string source;
  std::optional<std::int64_t> line;
  std::string note;
};

// kNotFound when the system has neither /etc nor units: then there is no system.
[[nodiscard]] Result<std::vector<ScheduledTask>> read_scheduled_tasks(Host& host);

}  // namespace assay::agent
