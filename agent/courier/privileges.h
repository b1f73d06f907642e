// The process that talks to the network gives up what it does not need.
#pragma once

#include <string>

#include "agent/state/state_folder.h"
#include "evidence/result.h"

namespace assay::agent {

struct PrivilegeReport {
  std::string user;     // that the process runs as from now on
  std::string warning;  // why it is still root; empty when it is not
};

// Call before the first thread. As root: becomes the user "assay" for good, if the machine has it
// and it can reach the state folder. As anybody: no new privileges by any program, no
// core file, and no system call that starts programs, traces others or changes the kernel.
[[nodiscard]] Result<PrivilegeReport> drop_privileges(const StateFolder& state);

}  // namespace assay::agent
