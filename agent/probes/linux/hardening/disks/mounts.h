// Table mounts: what is mounted where, and with which of the options that protect.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// What the kernel makes up (proc, sysfs, cgroup2, …), and what comes and goes with sessions and
// containers (/run/user, /run/credentials, the layers of container engines), is left out.
[[nodiscard]] Result<evidence::Table> collect_mounts(Host& host);

// Options without those that hold secrets, or folders that differ at each start of a container.
[[nodiscard]] std::string stable_options(std::string_view options);

}  // namespace assay::agent
