// A process that needs no file of its own becomes nobody in particular.
#pragma once

#include <string>

#include "evidence/result.h"

namespace assay::agent {

// Call before the first thread, and after opening what only root can open: descriptors stay. As
// root: becomes the user "assay", or "nobody" where there is none, for good, without a capability.
// As anybody: no new privileges, no core file, and the filter of syscall_filter.h. Returns what
// could not be given up, in words; empty when nothing. kIo when root could not be left.
[[nodiscard]] Result<std::string> leave_root();

}  // namespace assay::agent
