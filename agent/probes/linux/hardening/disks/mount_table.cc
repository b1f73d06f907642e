#include "agent/probes/linux/hardening/disks/mount_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr auto kKernelMade = std::to_array<std::string_view>(
    {"autofs",     "binder",     "binfmt_misc", "bpf",        "cgroup",  "cgroup2",
     "configfs",   "debugfs",    "devpts",      "efivarfs",   "fusectl", "hugetlbfs",
     "mqueue",     "nfsd",       "nsfs",        "proc",       "pstore",  "resctrl",
     "rpc_pipefs", "securityfs", "selinuxfs",   "smackfs",    "sysfs",   "tracefs",
     "xenfs"});
constexpr auto kNetwork = std::to_array<std::string_view>(
    {"9p", "afs", "beegfs", "ceph", "cifs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
     "nfs4", "ocfs2", "smb3", "smbfs", "virtiofs"});
constexpr auto kNetworkFuse = std::to_array<std::string_view>(
    {"fuse.ceph", "fuse.curlftpfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
     "fuse.sshfs"});

// "\040" is a blank: three octal digits behind a backslash.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digits = text.substr(i).substr(0, 4);
    unsigned value = 0;
    if (text[i] == '\\' && digits.size() == 4) {
      const auto [end, error] = std::from_chars(digits.data() + 1, digits.data() + 4, value, 8);
      if (error == std::errc{} && end == digits.data() + 4 && value < 256) {
        plain += static_cast<char>(value);
        i += 3;
        continue;
      }
    }
    plain += text[i];
  }
  return plain;
}

std::string_view next_field(std::string_view& line) {
  const auto end = line.find(' ');
  const auto field = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return field;
}

bool parse_device(std::string_view text, Mount& mount) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto major = decimal<std::uint32_t>(text.substr(0, colon));
  const auto minor = decimal<std::uint32_t>(text.substr(colon + 1));
  if (!major || !minor) return false;
  mount.device_major = *major;
  mount.device_minor = *minor;
  return true;
}

bool parse_line(std::string_view line, Mount& mount) {
  (void)next_field(line);  // the mount's number
  (void)next_field(line);  // its parent's
  if (!parse_device(next_field(line), mount)) return false;
  mount.root = unescaped(next_field(line));
  mount.path = unescaped(next_field(line));
  mount.options = next_field(line);
  // Any number of optional fields, ended by "-".
  while (!line.empty())
    if (next_field(line) == "-") break;
  mount.type = next_field(line);
  mount.device = unescaped(next_field(line));
  mount.super_options = next_field(line);
  return !mount.path.empty() && !mount.type.empty();
}

}  // namespace

Result<std::vector<Mount>> parse_mountinfo(std::string_view text) {
  std::vector<Mount> mounts;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (line->empty()) continue;
    Mount mount;
    if (!parse_line(*line, mount))
      return fail(Code::kInvalidData,
                  "mountinfo, line " + std::to_string(lines.number()) + ": not a mount");
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

Result<std::vector<Mount>> read_mounts(Host& host) {
  auto text = host.read_file("/proc/1/mountinfo", kMaxMountinfoBytes);
  if (!text) text = host.read_file("/proc/self/mountinfo", kMaxMountinfoBytes);
  if (!text) return fail(text.error());
  auto mounts = parse_mountinfo(*text);
  if (!mounts) return mounts;
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < mounts->size(); ++i) last[(*mounts)[i].path] = i;
  std::vector<Mount> visible;
  for (std::size_t i = 0; i < mounts->size(); ++i)
    if (last[(*mounts)[i].path] == i) visible.push_back(std::move((*mounts)[i]));
  return visible;
}

bool is_kernel_made(std::string_view type) {
  return std::ranges::find(kKernelMade, type) != kKernelMade.end();
}

bool is_in_memory(std::string_view type) {
  return type == "tmpfs" || type == "devtmpfs" || type == "ramfs";
}

bool is_network(std::string_view type) {
  return std::ranges::find(kNetwork, type) != kNetwork.end() ||
         std::ranges::find(kNetworkFuse, type) != kNetworkFuse.end();
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
