// The mounted file systems as the system has them, and what kinds of file system there are.
#pragma once

#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/host/mount_table.h"

namespace assay::agent {

// Those of process 1, because a service may see others; of the agent itself where process 1 is not
// ours to look at. What another mount at the same place hides is left out. kNotSupported when an
// image is read.
[[nodiscard]] Result<std::vector<Mount>> read_mounts(Host& host);

// By the kind of file system.
[[nodiscard]] bool is_kernel_made(std::string_view kind);  // proc, sysfs, cgroup2, …
[[nodiscard]] bool is_in_memory(std::string_view kind);    // tmpfs, devtmpfs, ramfs
[[nodiscard]] bool is_network(std::string_view kind);      // nfs4, cifs, fuse.sshfs, …

// One option of a list "rw,nosuid,size=5k".
[[nodiscard]] bool has_option(std::string_view options, std::string_view wanted);

inline constexpr std::size_t kMaxMountinfoBytes = 16U << 20U;

}  // namespace assay::agent
