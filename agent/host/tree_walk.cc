#include "agent/host/tree_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace assay::agent {
namespace {

// One read of a folder. A buffer for each level that the walk is below the root.
constexpr std::size_t kEntriesBytes = 32U << 10U;

// getdents64(2); glibc's own type has a name of fixed size.
struct Entry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t length;
  std::uint8_t kind;
  char first_of_name;
};

std::int64_t nanoseconds(const struct ::timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kRegular;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  if (S_ISLNK(mode)) return FileKind::kSymlink;
  return FileKind::kOther;
}

class Walk {
 public:
  Walk(const RootFolder& root, const std::vector<Mount>& mounts, TreeVisitor& visitor)
      : root_(root),
        visitor_(visitor),
        is_live_(root.is_real()),
        walked_points_(walked_points(mounts)) {
    // The last mount on a point is the one that is seen.
    for (const auto& mount : mounts) mounts_[mount.point] = &mount;
    for (const auto& [point, mount] : mounts_) {
      points_below_.insert(point.substr(0, std::max<std::size_t>(1, point.rfind('/'))));
      if (point != "/" && use_of(mount->kind) == MountUse::kAway)
        summary_.skipped_mounts.push_back(point);
    }
  }

  Result<WalkSummary> run() {
    auto folder = root_.open_directory("/");
    if (!folder) return fail(std::move(folder.error()));
    struct ::stat status{};
    if (::fstat(folder->number(), &status) != 0) return fail(system_error(errno, "looking at /"));
    device_ = status.st_dev;
    path_ = "";
    if (auto done = walk_folder(std::move(*folder), 0); !done) return fail(std::move(done.error()));
    return std::move(summary_);
  }

 private:
  Status walk_folder(FileDescriptor folder, int depth) {
    if (depth > kMaxWalkDepth) {
      note_depth();
      return {};
    }
    if (std::cmp_less_equal(buffers_.size(), depth))
      buffers_.push_back(std::make_unique<std::byte[]>(kEntriesBytes));
    auto* buffer = buffers_[static_cast<std::size_t>(depth)].get();
    const bool has_mounts = is_live_ && points_below_.contains(path_.empty() ? "/" : path_);
    for (;;) {
      const auto length = ::syscall(SYS_getdents64, folder.number(), buffer, kEntriesBytes);
      if (length == 0 || (length < 0 && errno == ENOENT)) return {};
      if (length < 0) return fail(system_error(errno, "listing " + path_));
      if (visitor_.is_over()) return fail(Code::kTimedOut, "walking: it was ended");
      for (long at = 0; at < length;) {
        Entry entry;
        std::memcpy(&entry, buffer + at, offsetof(Entry, first_of_name));
        const char* name =
            reinterpret_cast<const char*>(buffer + at + offsetof(Entry, first_of_name));
        at += entry.length;
        if (auto done = walk_entry(folder.number(), name, has_mounts, depth); !done) return done;
      }
    }
  }

  // The first three names of the path: whoever nests folders may do so in many places.
  void note_depth() {
    std::size_t end = 0;
    for (int i = 0; i < 3; ++i) end = path_.find('/', end + 1);
    summary_.too_deep.insert(path_.substr(0, end));
    if (summary_.too_deep.size() <= kMaxDeepPlaces) return;
    summary_.too_deep.erase(std::prev(summary_.too_deep.end()));
    summary_.has_more_too_deep = true;
  }

  Status walk_entry(int folder, const char* name, bool has_mounts, int depth) {
    const std::string_view text(name);
    if (text == "." || text == "..") return {};
    const auto size_before = path_.size();
    path_.append("/").append(text);
    auto done = walk_path(folder, name, has_mounts, depth);
    path_.resize(size_before);
    return done;
  }

  Status walk_path(int folder, const char* name, bool has_mounts, int depth) {
    // Asked before the first system call on it: looking at a dead network mount can hang.
    const auto mount = has_mounts ? mounts_.find(path_) : mounts_.end();
    const bool is_mount = mount != mounts_.end();
    if (is_mount && !walked_points_.contains(path_)) return {};
    struct ::stat status{};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) return {};
    if (++summary_.entries > kMaxWalkEntries)
      return fail(Code::kTooLarge,
                  "walking: more than " + std::to_string(kMaxWalkEntries) + " files");
    const auto seen = to_file_status(status);
    visitor_.visit({path_, std::string_view(path_).substr(path_.rfind('/') + 1), seen});
    if (!S_ISDIR(status.st_mode)) return {};
    // Another device without a mount is a subvolume of btrfs; in an image it is not the image's.
    if (status.st_dev != device_ && !is_live_) return {};
    return enter(folder, name, depth);
  }

  Status enter(int parent, const char* name, int depth) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    int number = ::openat(parent, name, kFlags | O_NOATIME);
    if (number < 0 && errno == EPERM) number = ::openat(parent, name, kFlags);
    if (number < 0) {
      if (errno != ENOENT && errno != ENOTDIR && ++summary_.unreadable == 1)
        summary_.first_unreadable = path_;
      if (errno == EMFILE || errno == ENFILE) return fail(system_error(errno, "walking " + path_));
      return {};
    }
    return walk_folder(FileDescriptor(number), depth + 1);
  }

  const RootFolder& root_;
  TreeVisitor& visitor_;
  bool is_live_;
  dev_t device_ = 0;
  std::string path_;
  std::map<std::string, const Mount*, std::less<>> mounts_;
  std::set<std::string, std::less<>> walked_points_;
  std::set<std::string, std::less<>> points_below_;  // folders in which a mount point lies
  std::vector<std::unique_ptr<std::byte[]>> buffers_;
  WalkSummary summary_;
};

}  // namespace

FileStatus to_file_status(const struct ::stat& status) {
  return {.kind = kind_of(status.st_mode),
          .mode = status.st_mode & 07777U,
          .uid = status.st_uid,
          .gid = status.st_gid,
          .links = status.st_nlink,
          .size_bytes = static_cast<std::uint64_t>(status.st_size),
          .device = status.st_dev,
          .inode = status.st_ino,
          .modified_ns = nanoseconds(status.st_mtim),
          .changed_ns = nanoseconds(status.st_ctim)};
}

Result<WalkSummary> walk_tree(const RootFolder& root, const std::vector<Mount>& mounts,
                              TreeVisitor& visitor) {
  return Walk(root, mounts, visitor).run();
}

}  // namespace assay::agent
