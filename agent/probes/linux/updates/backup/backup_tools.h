// The tools that back up machines and databases, as data.
#pragma once

#include <span>
#include <string_view>

namespace assay::agent {

struct BackupTool {
  std::string_view name;
  std::string_view kind;                       // files, database, snapshot, agent
  std::span<const std::string_view> programs;  // any of them: it is installed
  std::span<const std::string_view> words;     // names of programs that a task would call
  std::span<const std::string_view> units;     // services that run all the time
  // A general program, such as rsync: only a task that calls it makes it a backup tool.
  bool only_when_scheduled = false;
};

// Sorted by name.
[[nodiscard]] std::span<const BackupTool> backup_tools();

}  // namespace assay::agent
