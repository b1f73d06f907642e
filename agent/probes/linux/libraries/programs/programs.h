// The programs that can be started by name on this machine, and those that run.
#pragma once

#include <string>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct Program {
  std::string path;  // without symbolic links
  FileStatus status;
  bool in_path = false;  // in a folder of path_folders(), or a link there leads to it
  bool is_running = false;
  bool is_replaced = false;  // it runs, and its file has been replaced or removed since; no status
};

// A folder of programs, or a running program, that could not be looked at.
struct UnknownPlace {
  std::string path;  // empty when that is not known either
  std::string why;
  bool is_running = false;
};

struct Programs {
  std::vector<Program> all;           // sorted by path
  std::vector<UnknownPlace> unknown;  // sorted by path
};

// Files with an executable bit in the folders of path_folders(), scripts included, and the files of
// running programs but those of containers. A script that runs shows as its interpreter. Of an
// image, nothing runs. kNotFound when there is not a single folder of programs.
[[nodiscard]] Result<Programs> find_programs(Host& host);

inline constexpr std::size_t kMaxPrograms = 30'000;

}  // namespace assay::agent
