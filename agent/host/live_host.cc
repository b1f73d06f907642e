#include "agent/host/live_host.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <climits>

#include "agent/host/netlink.h"
#include "agent/host/socket_owners.h"

namespace assay::agent {
namespace {

constexpr std::size_t kFirstReadBytes = 8U << 10U;  // of a file that does not know its size

std::unexpected<Error> needs_running_machine(std::string_view what) {
  return fail(Code::kNotSupported,
              std::string(what).append(" needs the running machine, and an image is read"));
}

std::int64_t nanoseconds(const struct ::timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kRegular;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  if (S_ISLNK(mode)) return FileKind::kSymlink;
  return FileKind::kOther;
}

// Appends to `out` until it holds `want` bytes or the file ends. 0 or an errno.
int read_up_to(int file, std::size_t want, std::string& out) {
  while (out.size() < want) {
    const std::size_t had = out.size();
    ssize_t got = 0;
    out.resize_and_overwrite(want, [&](char* data, std::size_t) {
      got = ::read(file, data + had, want - had);
      return had + (got > 0 ? static_cast<std::size_t>(got) : 0);
    });
    if (got == 0) return 0;
    if (got < 0 && errno != EINTR) return errno;
  }
  return 0;
}

std::string reading(std::string_view path) {
  return std::string("reading ").append(path);
}

}  // namespace

Result<std::string> LiveHost::read_file(std::string_view path, std::size_t max_bytes) {
  const auto too_large = [&] {
    return fail(Code::kTooLarge, reading(path).append(": larger than the limit of ") +
                                     std::to_string(max_bytes) + " bytes");
  };
  struct ::stat status{};
  const auto file = root_.open_regular(path, &status);
  if (!file) return fail(file.error());
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return too_large();

  // Files of /proc state no size, those of /sys too large a one: only the end of the data counts.
  std::string content;
  std::size_t want = size == 0 ? kFirstReadBytes : size + 1;
  for (;;) {
    const std::size_t bounded = std::min(want, max_bytes + 1);
    if (const int error = read_up_to(file->number(), bounded, content); error != 0)
      return fail(system_error(error, reading(path)));
    if (content.size() > max_bytes) return too_large();
    if (content.size() < bounded) return content;
    want *= 2;
  }
}

Result<std::string> LiveHost::read_start(std::string_view path, std::size_t bytes) {
  struct ::stat status{};
  const auto file = root_.open_regular(path, &status);
  if (!file) return fail(file.error());
  std::string content;
  if (const int error = read_up_to(file->number(), bytes, content); error != 0)
    return fail(system_error(error, reading(path)));
  return content;
}

Result<std::vector<std::string>> LiveHost::list_directory(std::string_view path,
                                                          std::size_t max_entries) {
  auto folder = root_.open_directory(path);
  if (!folder) return fail(std::move(folder.error()));
  const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> stream(
      ::fdopendir(folder->number()));
  if (!stream) return fail(system_error(errno, std::string("listing ").append(path)));
  (void)folder->release();  // closedir() closes it

  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const ::dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == max_entries)
      return fail(Code::kTooLarge, std::string("listing ").append(path) + ": more than " +
                                       std::to_string(max_entries) + " entries");
    names.emplace_back(name);
  }
  if (errno != 0) return fail(system_error(errno, std::string("listing ").append(path)));
  std::ranges::sort(names);
  return names;
}

Result<FileStatus> LiveHost::status(std::string_view path) {
  const auto status = root_.status(path, false, "looking at");
  if (!status) return fail(status.error());
  return FileStatus{.kind = kind_of(status->st_mode),
                    .mode = status->st_mode & 07777U,
                    .uid = status->st_uid,
                    .gid = status->st_gid,
                    .size_bytes = static_cast<std::uint64_t>(status->st_size),
                    .device = status->st_dev,
                    .inode = status->st_ino,
                    .modified_ns = nanoseconds(status->st_mtim),
                    .changed_ns = nanoseconds(status->st_ctim)};
}

Result<std::string> LiveHost::read_link(std::string_view path) {
  constexpr std::string_view kWhat = "reading the link";
  char target[PATH_MAX];
  ssize_t length = 0;
  if (root_.is_real()) {
    length = ::readlink(std::string(path).c_str(), target, sizeof target);
  } else {
    const auto link = root_.open(path, O_PATH | O_NOFOLLOW, kWhat);
    if (!link) return fail(link.error());
    length = ::readlinkat(link->number(), "", target, sizeof target);
    // Linux says ENOENT here for a file that is no link at all.
    if (length < 0 && errno == ENOENT) errno = EINVAL;
  }
  if (length < 0 && errno == EINVAL)
    return fail(Code::kInvalidData,
                std::string(kWhat).append(" ").append(path).append(": not a symbolic link"));
  if (length < 0) return fail(system_error(errno, std::string(kWhat).append(" ").append(path)));
  return std::string(target, static_cast<std::size_t>(length));
}

Result<std::vector<Socket>> LiveHost::listening_sockets() {
  if (!is_live()) return needs_running_machine("listing sockets");
  return dump_listening_sockets();
}

Result<std::vector<SocketOwner>> LiveHost::socket_owners(const std::vector<std::uint64_t>& inodes) {
  if (!is_live()) return needs_running_machine("finding the owners of sockets");
  return find_socket_owners(inodes);
}

Result<std::vector<InterfaceAddress>> LiveHost::interface_addresses() {
  if (!is_live()) return needs_running_machine("listing network addresses");
  return dump_interface_addresses();
}

evidence::Seconds LiveHost::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace assay::agent
