// The mounted file systems, as /proc/<pid>/mountinfo lists them (proc_pid_mountinfo(5)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct Mount {
  std::uint32_t device_major = 0;  // 0: no block device of its own
  std::uint32_t device_minor = 0;
  std::string root;           // the folder of the file system that is mounted
  std::string path;           // where
  std::string options;        // of this mount: rw, nosuid, …
  std::string type;           // ext4, nfs4, fuse.sshfs, …
  std::string device;         // what the file system calls its source
  std::string super_options;  // of the file system
};

// kInvalidData names the line.
[[nodiscard]] Result<std::vector<Mount>> parse_mountinfo(std::string_view text);

// Those of the system: of process 1, because a service may see others; of the agent itself where
// process 1 is not ours to look at. What another mount at the same place hides is left out.
[[nodiscard]] Result<std::vector<Mount>> read_mounts(Host& host);

// What kind of file system it is, by its type.
[[nodiscard]] bool is_kernel_made(std::string_view type);  // proc, sysfs, cgroup2, …
[[nodiscard]] bool is_in_memory(std::string_view type);    // tmpfs, devtmpfs, ramfs
[[nodiscard]] bool is_network(std::string_view type);      // nfs4, cifs, fuse.sshfs, …

// One option of a list "rw,nosuid,size=5k".
[[nodiscard]] bool has_option(std::string_view options, std::string_view wanted);

inline constexpr std::size_t kMaxMountinfoBytes = 16U << 20U;

}  // namespace assay::agent
