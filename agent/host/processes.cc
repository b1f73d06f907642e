#include "agent/host/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <climits>
#include <optional>

#include "agent/host/file_descriptor.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDeleted = " (deleted)";

std::optional<std::int64_t> pid_in(std::string_view name) {
  std::int64_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

// Most of what stands in /proc is threads of the kernel, which have no program: one call tells.
bool has_no_program(int proc, const char* entry) {
  char target[1];
  const auto link = std::string(entry) + "/exe";
  return ::readlinkat(proc, link.c_str(), target, sizeof target) < 0 && errno != EACCES &&
         errno != EPERM;
}

std::string name_of_process(int folder) {
  const FileDescriptor file(::openat(folder, "comm", O_RDONLY | O_CLOEXEC));
  char text[64];
  const auto length = file.is_open() ? ::read(file.number(), text, sizeof text) : 0;
  if (length <= 0) return {};
  const std::string_view line(text, static_cast<std::size_t>(length));
  return std::string(line.substr(0, line.rfind('\n')));
}

// Nothing for a thread of the kernel, for what has ended, and for what is gone.
std::optional<Process> look_at(int proc, const char* entry, std::int64_t pid) {
  if (has_no_program(proc, entry)) return std::nullopt;
  const FileDescriptor folder(::openat(proc, entry, O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct ::stat status{};
  if (!folder.is_open() || ::fstat(folder.number(), &status) != 0) return std::nullopt;
  char target[PATH_MAX];
  const auto length = ::readlinkat(folder.number(), "exe", target, sizeof target);
  if (length < 0 && errno != EACCES && errno != EPERM) return std::nullopt;
  Process process{.pid = pid, .uid = status.st_uid};
  if (length > 0) process.path.assign(target, static_cast<std::size_t>(length));
  if (process.path.ends_with(kDeleted)) {
    process.path.resize(process.path.size() - kDeleted.size());
    process.is_deleted = true;
  }
  process.name = name_of_process(folder.number());
  if (process.name.empty()) return std::nullopt;
  return process;
}

}  // namespace

Result<std::vector<Process>> list_processes() {
  const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> proc(
      ::opendir("/proc"));
  if (!proc) return fail(system_error(errno, "listing /proc"));
  std::vector<Process> found;
  while (const ::dirent* entry = ::readdir(proc.get()))
    if (const auto pid = pid_in(entry->d_name))
      if (auto process = look_at(::dirfd(proc.get()), entry->d_name, *pid))
        found.push_back(std::move(*process));
  std::ranges::sort(found, {}, &Process::pid);
  return found;
}

}  // namespace assay::agent
