#include "agent/host/mount_table.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <utility>

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

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct PlacedMount {
  std::uint64_t id = 0;
  std::uint64_t parent = 0;  // of the mount that it lies on
  Mount mount;
};

// Which mounts a path leads to. The order of the lines does not tell: a mount that was moved there
// lies above a younger one.
class View {
 public:
  explicit View(const std::vector<PlacedMount>& mounts) {
    for (const auto& placed : mounts) {
      by_id_.emplace(placed.id, &placed);
      if (placed.parent != placed.id) points_.emplace(placed.parent, placed.mount.point);
    }
  }

  [[nodiscard]] bool shows(const PlacedMount& placed) const {
    if (points_.contains({placed.id, placed.mount.point})) return false;  // one lies on top of it
    const auto* at = &placed;
    for (int height = 0; height < kMaxHeight; ++height) {
      const auto parent = by_id_.find(at->parent);
      if (parent == by_id_.end() || parent->second == at) return true;  // the root of what we see
      if (is_behind_another(*at)) return false;
      at = parent->second;
    }
    return true;
  }

 private:
  static constexpr int kMaxHeight = 1000;

  // Whether something else is mounted on a folder on the way to it, from the same parent on.
  [[nodiscard]] bool is_behind_another(const PlacedMount& placed) const {
    const std::string_view point = placed.mount.point;
    for (auto end = point.rfind('/'); end != std::string_view::npos && point.size() > 1;
         end = end == 0 ? std::string_view::npos : point.rfind('/', end - 1))
      if (points_.contains({placed.parent, point.substr(0, std::max<std::size_t>(end, 1))}))
        return true;
    return false;
  }

  std::map<std::uint64_t, const PlacedMount*> by_id_;
  std::set<std::pair<std::uint64_t, std::string_view>> points_;
};

std::vector<Mount> seen_of(std::vector<PlacedMount> mounts) {
  std::vector<bool> is_seen;
  const View view(mounts);
  for (const auto& placed : mounts) is_seen.push_back(view.shows(placed));
  std::vector<Mount> seen;
  for (std::size_t i = 0; i < mounts.size(); ++i)
    if (is_seen[i]) seen.push_back(std::move(mounts[i].mount));
  return seen;
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
  std::vector<PlacedMount> mounts;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    // "36 35 98:0 /root /point rw,noatime optional… - ext4 /dev/sda1 rw"
    PlacedMount placed;
    placed.id = number_in(next_word(line));
    placed.parent = number_in(next_word(line));
    auto& mount = placed.mount;
    set_device(mount, next_word(line));
    mount.root = unescaped(next_word(line));
    mount.point = unescaped(next_word(line));
    mount.options = next_word(line);
    while (!line.empty() && next_word(line) != "-") {
    }
    mount.kind = next_word(line);
    mount.source = unescaped(next_word(line));
    mount.super_options = next_word(line);
    if (mount.point.starts_with('/') && !mount.kind.empty()) mounts.push_back(std::move(placed));
  }
  return seen_of(std::move(mounts));
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
