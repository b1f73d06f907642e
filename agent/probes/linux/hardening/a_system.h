// Whether there is a system to look at: "nothing found" means nothing where nothing is.
#pragma once

#include "agent/host/host.h"

namespace assay::agent {

// kNotFound when "/" holds no /etc: an empty folder, or not the root of a system. For probes whose
// table is empty on a system that has none of what it lists.
[[nodiscard]] inline Status check_there_is_a_system(Host& host) {
  const auto status = host.status("/etc");
  if (status) return {};
  return fail(status.error().within("there is no system to look at"));
}

}  // namespace assay::agent
