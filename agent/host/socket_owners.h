// Which process holds a socket open: a walk over /proc/PID/fd.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

// For each of `inodes` the lowest pid among the processes that we may look at; an inode without
// an owner is left out. Sorted by inode. Stops as soon as all are found.
[[nodiscard]] Result<std::vector<SocketOwner>> find_socket_owners(
    const std::vector<std::uint64_t>& inodes);

}  // namespace assay::agent
