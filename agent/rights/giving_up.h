// How a process that talks to the network gives up what it does not need.
#pragma once

#include <sys/types.h>

#include <string>

#include "evidence/result.h"

namespace assay::agent {

// From root to this user, for good: no other group, no way back. `what` begins the error's words.
[[nodiscard]] Status become_user(uid_t user, gid_t group, const std::string& what);

// No new privileges, nobody of its user may trace it or have its core file, and the filter of
// syscall_filter.h. Returns what could not be given up, in words; empty when nothing.
[[nodiscard]] Result<std::string> seal_process();

}  // namespace assay::agent
