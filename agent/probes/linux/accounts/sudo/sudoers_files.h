// The sudoers files of a host, in the order in which sudo reads them: the main file with every
// include where it stands. One thread at a time per Host.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

struct SudoersPlace {
  std::string text;  // of the line
  std::string path;
  std::int64_t line = 0;
  bool is_include = false;
  std::string note;  // why an include brought nothing, or why sudo refuses the file
};

// Empty when there is no sudo. A file that exists and cannot be read is an Error, for it may hold
// any right; so are includes in a loop or beyond all use (kInvalidData, kTooLarge).
[[nodiscard]] Result<std::vector<SudoersPlace>> read_sudoers(Host& host);

}  // namespace assay::agent
