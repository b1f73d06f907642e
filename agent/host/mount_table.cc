#include "agent/host/mount_table.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>

namespace assay::agent {
namespace {

using Kinds = std::span<const std::string_view>;

constexpr std::string_view kLocalKinds[] = {
    "bcachefs", "btrfs", "exfat", "ext2",   "ext3", "ext4",  "f2fs",    "hfsplus",
    "iso9660",  "jfs",   "msdos", "nilfs2", "ntfs", "ntfs3", "overlay", "ramfs",
    "reiserfs", "tmpfs", "udf",   "ufs",    "vfat", "xfs",   "zfs"};
// A squashfs is a snap or an image: its files are those of a package and cannot change.
constexpr std::string_view kKernelKinds[] = {
    "autofs",    "binfmt_misc", "bpf",      "cgroup",   "cgroup2",    "configfs",
    "debugfs",   "devpts",      "devtmpfs", "efivarfs", "fusectl",    "hugetlbfs",
    "mqueue",    "nsfs",        "proc",     "pstore",   "rpc_pipefs", "securityfs",
    "selinuxfs", "squashfs",    "sysfs",    "tracefs"};

bool contains(Kinds kinds, std::string_view kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

// "\040" stands for a space, and so on.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 4, value, 8).ptr ==
            text.data() + i + 4 &&
        value < 256) {
      out.push_back(static_cast<char>(value));
      i += 3;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string_view next_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(line.size(), end + 1));
  return word;
}

// "8:1"
void set_device(Mount& mount, std::string_view text) {
  const auto colon = std::min(text.find(':'), text.size());
  (void)std::from_chars(text.data(), text.data() + colon, mount.device_major);
  if (colon < text.size())
    (void)std::from_chars(text.data() + colon + 1, text.data() + text.size(), mount.device_minor);
}

}  // namespace

std::vector<Mount> parse_mount_info(std::string_view text) {
  std::vector<Mount> mounts;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    // "36 35 98:0 /root /point rw,noatime optional… - ext4 /dev/sda1 rw"
    for (int i = 0; i < 2; ++i) (void)next_word(line);  // two ids
    Mount mount;
    set_device(mount, next_word(line));
    mount.root = unescaped(next_word(line));
    mount.point = unescaped(next_word(line));
    mount.options = next_word(line);
    while (!line.empty() && next_word(line) != "-") {
    }
    mount.kind = next_word(line);
    mount.source = unescaped(next_word(line));
    mount.super_options = next_word(line);
    if (mount.point.starts_with('/') && !mount.kind.empty()) mounts.push_back(std::move(mount));
  }
  return mounts;
}

namespace {

using MountsByPoint = std::map<std::string, const Mount*, std::less<>>;

bool may_be_walked(const Mount& mount) {
  const bool is_copy = mount.kind == "btrfs" && mount.point.ends_with("/.snapshots");
  return mount.kind != "overlay" && !is_copy && use_of(mount.kind) == MountUse::kLocal;
}

// False when something on the way to it may keep a walk from it.
bool is_reached(const Mount& mount, const MountsByPoint& mounts) {
  for (auto end = mount.point.rfind('/'); end != std::string::npos && end != 0;
       end = mount.point.rfind('/', end - 1)) {
    const auto above = mounts.find(std::string_view(mount.point).substr(0, end));
    if (above != mounts.end() && (above->second->root != "/" || !may_be_walked(*above->second)))
      return false;
  }
  return true;
}

bool is_within(std::string_view path, std::string_view folder) {
  return folder == "/" || path == folder ||
         (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

// Whether `other` shows all that `mount` shows. Of two that show the same, the first by name.
bool covers(const Mount& other, const Mount& mount) {
  return other.device_major == mount.device_major && other.device_minor == mount.device_minor &&
         is_within(mount.root, other.root) &&
         (other.root != mount.root || other.point < mount.point);
}

}  // namespace

std::set<std::string, std::less<>> walked_points(const std::vector<Mount>& mounts) {
  MountsByPoint by_point;
  // The last mount on a point is the one that is seen.
  for (const auto& mount : mounts) by_point[mount.point] = &mount;
  std::set<std::string, std::less<>> walked;
  for (const auto& [point, mount] : by_point) {
    if (!may_be_walked(*mount)) continue;
    const bool is_covered = std::ranges::any_of(by_point, [&](const auto& entry) {
      const auto& other = *entry.second;
      return covers(other, *mount) && may_be_walked(other) && is_reached(other, by_point);
    });
    if (!is_covered) walked.insert(point);
  }
  return walked;
}

MountUse use_of(std::string_view kind) {
  if (contains(kLocalKinds, kind)) return MountUse::kLocal;
  if (contains(kKernelKinds, kind)) return MountUse::kKernel;
  return MountUse::kAway;
}

}  // namespace assay::agent
