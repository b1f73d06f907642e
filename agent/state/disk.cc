#include "agent/state/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "agent/host/file_descriptor.h"

namespace assay::agent {

namespace {

constexpr std::size_t kPieceBytes = 64U << 10U;
constexpr off_t kRoomAhead = 8192;

struct Place {
  std::string folder;
  std::string name;
};

Place place_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::string temporary(const Place& place) {
  return place.folder + "/" + std::string(kTemporaryPrefix) + place.name + ".new";
}

FileDescriptor open_retrying(const std::string& path, int flags, unsigned mode = 0) {
  int number = -1;
  do number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (number < 0 && errno == EINTR);
  return FileDescriptor(number);
}

Result<std::vector<std::string>> names_in(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) return fail(system_error(errno, "listing " + path));
  std::vector<std::string> out;
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name(entry->d_name);
    if (name != "." && name != "..") out.emplace_back(name);
  }
  if (errno != 0) return fail(system_error(errno, "listing " + path));
  return out;
}

}  // namespace

Status sync_folder(const std::string& path) {
  const auto folder = open_retrying(path, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::fsync(folder.number()) != 0)
    return fail(system_error(errno, "syncing " + path));
  return {};
}

Result<std::string> read_state_file(const std::string& path, std::size_t max_bytes) {
  // O_NONBLOCK: a named pipe must not hold us up.
  const auto file = open_retrying(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file.is_open()) return fail(system_error(errno, "opening " + path));
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return fail(system_error(errno, "looking at " + path));
  if (!S_ISREG(status.st_mode)) return fail(Code::kInvalidData, path + " is not a regular file");
  if (std::cmp_greater(status.st_size, max_bytes))
    return fail(Code::kTooLarge, path + " has more than " + std::to_string(max_bytes) + " bytes");
  std::string out(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t at = 0;
  while (at < out.size()) {
    const auto got = ::read(file.number(), out.data() + at, out.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(system_error(errno, "reading " + path));
    if (got == 0) break;
    at += static_cast<std::size_t>(got);
  }
  out.resize(at);
  return out;
}

Result<std::vector<std::string>> list_state_folder(const std::string& path) {
  auto names = names_in(path);
  if (!names) return names;
  std::erase_if(*names, [](const auto& name) { return name.starts_with(kTemporaryPrefix); });
  std::ranges::sort(*names);
  return names;
}

Status Disk::clean(const std::string& folder) {
  const auto names = names_in(folder);
  if (!names) return fail(names.error());
  for (const auto& name : *names)
    if (name.starts_with(kTemporaryPrefix))
      if (auto gone = remove(folder + "/" + name); !gone) return gone;
  return {};
}

Status Disk::allowed(std::string_view what) {
  if (!before_change_) return {};
  if (const int number = before_change_(); number != 0) return fail(system_error(number, what));
  return {};
}

Status Disk::write_all(int file, std::string_view bytes, std::string_view what) {
  while (!bytes.empty()) {
    if (auto may = allowed(what); !may) return may;
    const auto put = ::write(file, bytes.data(), std::min(bytes.size(), kPieceBytes));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail(system_error(errno, what));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Status Disk::write_new(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string what = "writing " + path;
  if (auto may = allowed(what); !may) return may;
  (void)::unlink(path.c_str());  // left over from a process that was killed, or not there
  const auto file = open_retrying(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!file.is_open()) return fail(system_error(errno, what));
  auto done = write_all(file.number(), bytes, what);
  // The mode is the one asked for, whatever the umask.
  if (done && (::fchmod(file.number(), mode) != 0 || ::fsync(file.number()) != 0))
    done = fail(system_error(errno, what));
  if (!done) (void)::unlink(path.c_str());  // the failure that counts is the first
  return done;
}

Status Disk::write(const std::string& path, std::string_view bytes, unsigned mode) {
  const auto place = place_of(path);
  const auto fresh = temporary(place);
  if (auto done = write_new(fresh, bytes, mode); !done) return done;
  return move(fresh, path);
}

Status Disk::write_folder(const std::string& path, const std::vector<NewFile>& files) {
  const auto place = place_of(path);
  const auto fresh = temporary(place);
  if (::access(path.c_str(), F_OK) == 0) return fail(Code::kConflict, path + " is there already");
  if (auto gone = remove(fresh); !gone) return gone;
  if (auto may = allowed("making " + fresh); !may) return may;
  if (::mkdir(fresh.c_str(), 0750) != 0) return fail(system_error(errno, "making " + fresh));
  Status done;
  // The group and its set-group-id bit come from the folder above; only the rights are ours.
  struct stat status{};
  if (::stat(fresh.c_str(), &status) != 0 ||
      ::chmod(fresh.c_str(), (status.st_mode & S_ISGID) | 0750U) != 0)
    done = fail(system_error(errno, "making " + fresh));
  for (const auto& file : files)
    if (done) done = write_new(fresh + "/" + file.name, file.bytes, 0640);
  if (done) done = sync_folder(fresh);
  if (done) done = move(fresh, path);
  if (!done) (void)remove(fresh);  // the failure that counts is the first
  return done;
}

Status Disk::append(const std::string& path, std::string_view line) {
  const std::string what = "appending to " + path;
  if (auto may = allowed(what); !may) return may;
  const auto file = open_retrying(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0640);
  if (!file.is_open()) return fail(system_error(errno, what));
  struct stat before{};
  if (::fstat(file.number(), &before) != 0) return fail(system_error(errno, what));
  auto done = write_all(file.number(), line, what);
  if (done && ::fsync(file.number()) != 0) done = fail(system_error(errno, what));
  // Half a line helps nobody; if even that fails, the reader passes over what it cannot parse.
  if (!done && ::ftruncate(file.number(), before.st_size) != 0) return done;
  if (!done) return done;
  // Not every file system can, and a full one does not.
  (void)::fallocate(file.number(), FALLOC_FL_KEEP_SIZE,
                    before.st_size + static_cast<off_t>(line.size()), kRoomAhead);
  return sync_folder(place_of(path).folder);
}

Status Disk::move(const std::string& from, const std::string& to) {
  const std::string what = "moving " + from + " to " + to;
  if (auto may = allowed(what); !may) return may;
  if (::rename(from.c_str(), to.c_str()) != 0) return fail(system_error(errno, what));
  const auto source = place_of(from).folder;
  const auto target = place_of(to).folder;
  if (auto synced = sync_folder(target); !synced) return synced;
  return source == target ? Status() : sync_folder(source);
}

Status Disk::remove(const std::string& path) {
  const std::string what = "removing " + path;
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0)
    return errno == ENOENT ? Status() : fail(system_error(errno, what));
  if (auto may = allowed(what); !may) return may;
  if (!S_ISDIR(status.st_mode)) {
    if (::unlink(path.c_str()) != 0) return fail(system_error(errno, what));
    return {};
  }
  // First out of sight, so that nobody sees a folder with half of its files.
  const auto place = place_of(path);
  auto hidden = path;
  if (!place.name.starts_with(kTemporaryPrefix)) {
    hidden = place.folder + "/" + std::string(kTemporaryPrefix) + place.name + ".old";
    if (auto gone = remove(hidden); !gone) return gone;
    if (auto moved = move(path, hidden); !moved) return moved;
  }
  const auto names = names_in(hidden);
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (auto may = allowed(what); !may) return may;
    if (::unlink((hidden + "/" + name).c_str()) != 0) return fail(system_error(errno, what));
  }
  if (auto may = allowed(what); !may) return may;
  if (::rmdir(hidden.c_str()) != 0) return fail(system_error(errno, what));
  return {};
}

}  // namespace assay::agent
