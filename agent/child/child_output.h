// What a child writes into a pipe, read to its end within bounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "evidence/result.h"

namespace assay::agent {

struct OutputLimits {
  std::size_t bytes = 0;
  std::chrono::milliseconds time{0};  // zero: however long it takes
  // Asked every quarter of a second: whoever waits has to go. May be empty.
  std::function<bool()> must_end;
};

// The caller's words for what may go wrong.
struct OutputWords {
  std::string reading;   // what was tried; the system's words follow
  std::string too_slow;  // whole
  std::string too_much;  // whole
};

// Until the other end is closed. kTimedOut, kTooLarge, kUnavailable (it had to end): the child is
// still to be ended.
[[nodiscard]] Result<std::string> read_to_end(int pipe, const OutputLimits& limits,
                                              const OutputWords& words);

}  // namespace assay::agent
