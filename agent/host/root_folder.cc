#include "agent/host/root_folder.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <cerrno>

namespace assay::agent {
namespace {

constexpr int kLookupRetries = 8;

std::string words(std::string_view what, std::string_view path) {
  return std::string(what).append(" ").append(path);
}

// O_NOATIME leaves no trace on the machine, but only the owner and root may ask for it.
template <typename Open>
int without_access_time(Open open_with) {
  const int number = open_with(O_NOATIME);
  return number < 0 && errno == EPERM ? open_with(0) : number;
}

}  // namespace

RootFolder::RootFolder(const std::string& folder)
    : folder_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_.is_open()) {
    opened_ = fail(system_error(errno, words("opening the root folder", folder)));
    return;
  }
  struct ::stat ours{};
  struct ::stat real{};
  is_real_ = ::fstat(folder_.number(), &ours) == 0 && ::stat("/", &real) == 0 &&
             ours.st_dev == real.st_dev && ours.st_ino == real.st_ino;
}

Status RootFolder::opened() const {
  return opened_;
}

int RootFolder::try_open(const std::string& path, int flags) const {
  if (is_real_) return ::open(path.c_str(), flags | O_CLOEXEC);
  struct ::open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed during the lookup, so that the kernel cannot promise its result.
  for (int i = 0; i < kLookupRetries; ++i) {
    const auto number = ::syscall(SYS_openat2, folder_.number(), path.c_str(), &how, sizeof how);
    if (number >= 0 || errno != EAGAIN) return static_cast<int>(number);
  }
  return -1;
}

Result<FileDescriptor> RootFolder::open(std::string_view path, int flags,
                                        std::string_view what) const {
  if (!opened_) return fail(opened_.error());
  FileDescriptor file(try_open(std::string(path), flags));
  if (!file.is_open()) return fail(system_error(errno, words(what, path)));
  return file;
}

Result<struct ::stat> RootFolder::status(std::string_view path, bool follow,
                                         std::string_view what) const {
  struct ::stat status{};
  if (is_real_) {
    const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
    if (::fstatat(AT_FDCWD, std::string(path).c_str(), &status, flags) != 0)
      return fail(system_error(errno, words(what, path)));
    return status;
  }
  auto file = open(path, O_PATH | (follow ? 0 : O_NOFOLLOW), what);
  if (!file) return fail(std::move(file.error()));
  if (::fstat(file->number(), &status) != 0) return fail(system_error(errno, words(what, path)));
  return status;
}

Result<FileDescriptor> RootFolder::open_regular(std::string_view path,
                                                struct ::stat* status_out) const {
  constexpr std::string_view kWhat = "reading";
  const auto not_regular = [&] {
    return fail(Code::kInvalidData, words(kWhat, path) + ": not a regular file");
  };
  const auto before = status(path, true, kWhat);
  if (!before) return fail(before.error());
  if (!S_ISREG(before->st_mode)) return not_regular();

  const std::string name(path);
  FileDescriptor file(without_access_time(
      [&](int extra) { return try_open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | extra); }));
  if (!file.is_open()) return fail(system_error(errno, words(kWhat, path)));
  if (::fstat(file.number(), status_out) != 0) return fail(system_error(errno, words(kWhat, path)));
  if (!S_ISREG(status_out->st_mode)) return not_regular();
  return file;
}

Result<FileDescriptor> RootFolder::open_directory(std::string_view path) const {
  if (!opened_) return fail(opened_.error());
  const std::string name(path);
  FileDescriptor folder(without_access_time(
      [&](int extra) { return try_open(name, O_RDONLY | O_DIRECTORY | O_NONBLOCK | extra); }));
  if (!folder.is_open()) return fail(system_error(errno, words("listing", path)));
  return folder;
}

}  // namespace assay::agent
