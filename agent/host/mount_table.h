// Which parts of the tree are on this machine's disks, from the kernel's table
// of mounts (proc(5), /proc/PID/mountinfo).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

struct Mount {
  std::uint32_t device_major = 0;  // 0: no block device of its own
  std::uint32_t device_minor = 0;
  std::string point;          // absolute path
  std::string root;           // what of the file system is mounted; not "/" for a bind mount
  std::string kind;           // "ext4"
  std::string source;         // "/dev/sda1"
  std::string options;        // of the mount: "rw,nosuid"
  std::string super_options;  // of the file system: "rw,errors=remount-ro"
};

// Those that a path leads to, in the kernel's order: what lies below another mount, and what another
// hides with the folder that it is in, is left out. A line that does not parse is passed over.
[[nodiscard]] std::vector<Mount> parse_mount_info(std::string_view text);

// Whether a walk over the files of this machine goes there.
enum class MountUse {
  kLocal,   // a disk, or memory in which files lie
  kKernel,  // made up by the kernel; nobody's files
  kAway,    // a network, FUSE or unknown file system: it may hang, and is another machine's
};
[[nodiscard]] MountUse use_of(std::string_view kind);

// The points that a walk from "/" enters so that it sees every local file once. A part of a file
// system is entered unless a mount that is entered shows it too: a bind mount mostly repeats what
// is seen elsewhere, but /home on btrfs, or a volume in a container, is a part of a file system of
// which nothing else is mounted. Overlays are a container's view of files that lie elsewhere, and
// snapper's .snapshots are copies.
[[nodiscard]] std::set<std::string, std::less<>> walked_points(const std::vector<Mount>& mounts);

}  // namespace assay::agent
