#include "agent/probes/linux/hardening/disks/system_mounts.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace assay::agent {
namespace {

constexpr auto kKernelMade = std::to_array<std::string_view>(
    {"autofs",  "binder", "binfmt_misc", "bpf",     "cgroup",     "cgroup2",    "configfs",
     "debugfs", "devpts", "efivarfs",    "fusectl", "hugetlbfs",  "mqueue",     "nfsd",
     "nsfs",    "proc",   "pstore",      "resctrl", "rpc_pipefs", "securityfs", "selinuxfs",
     "smackfs", "sysfs",  "tracefs",     "xenfs"});
constexpr auto kNetwork = std::to_array<std::string_view>(
    {"9p", "afs", "beegfs", "ceph", "cifs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
     "nfs4", "ocfs2", "smb3", "smbfs", "virtiofs"});
constexpr auto kNetworkFuse =
    std::to_array<std::string_view>({"fuse.ceph", "fuse.curlftpfs", "fuse.davfs", "fuse.glusterfs",
                                     "fuse.rclone", "fuse.s3fs", "fuse.sshfs"});

}  // namespace

Result<std::vector<Mount>> read_mounts(Host& host) {
  if (!host.is_live())
    return fail(Code::kNotSupported, "needs the running machine, and an image is read");
  auto text = host.read_file("/proc/1/mountinfo", kMaxMountinfoBytes);
  if (!text) text = host.read_file("/proc/self/mountinfo", kMaxMountinfoBytes);
  if (!text) return fail(text.error());
  auto mounts = parse_mount_info(*text);
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < mounts.size(); ++i) last[mounts[i].point] = i;
  std::vector<Mount> visible;
  for (std::size_t i = 0; i < mounts.size(); ++i)
    if (last[mounts[i].point] == i) visible.push_back(std::move(mounts[i]));
  return visible;
}

bool is_kernel_made(std::string_view kind) {
  return std::ranges::find(kKernelMade, kind) != kKernelMade.end();
}

bool is_in_memory(std::string_view kind) {
  return kind == "tmpfs" || kind == "devtmpfs" || kind == "ramfs";
}

bool is_network(std::string_view kind) {
  return std::ranges::find(kNetwork, kind) != kNetwork.end() ||
         std::ranges::find(kNetworkFuse, kind) != kNetworkFuse.end();
}

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const auto comma = options.find(',');
    if (options.substr(0, comma) == wanted) return true;
    options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
  }
  return false;
}

}  // namespace assay::agent
