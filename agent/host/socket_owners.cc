#include "agent/host/socket_owners.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <charconv>
#include <optional>

namespace assay::agent {
namespace {

using Directory = std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })>;

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<std::vector<std::int64_t>> all_pids() {
  const Directory proc(::opendir("/proc"));
  if (!proc) return fail(system_error(errno, "listing /proc"));
  std::vector<std::int64_t> pids;
  while (const ::dirent* entry = ::readdir(proc.get()))
    if (const auto pid = number_in<std::int64_t>(entry->d_name)) pids.push_back(*pid);
  std::ranges::sort(pids);
  return pids;
}

// N of "socket:[N]".
std::optional<std::uint64_t> socket_inode(std::string_view link) {
  constexpr std::string_view kPrefix = "socket:[";
  if (!link.starts_with(kPrefix) || !link.ends_with(']')) return std::nullopt;
  return number_in<std::uint64_t>(link.substr(kPrefix.size(), link.size() - kPrefix.size() - 1));
}

}  // namespace

Result<std::vector<SocketOwner>> find_socket_owners(const std::vector<std::uint64_t>& inodes) {
  const std::set<std::uint64_t> wanted(inodes.begin(), inodes.end());
  const auto pids = all_pids();
  if (!pids) return fail(pids.error());

  std::map<std::uint64_t, std::int64_t> owners;
  for (const auto pid : *pids) {
    if (owners.size() == wanted.size()) break;
    const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
    const Directory files(::opendir(folder.c_str()));
    if (!files) continue;  // gone, or not ours to look at
    while (const ::dirent* entry = ::readdir(files.get())) {
      if (entry->d_name[0] == '.') continue;
      char link[64];
      const auto length = ::readlinkat(::dirfd(files.get()), entry->d_name, link, sizeof link);
      if (length <= 0) continue;
      const auto inode = socket_inode({link, static_cast<std::size_t>(length)});
      if (inode && wanted.contains(*inode)) owners.emplace(*inode, pid);
    }
  }
  std::vector<SocketOwner> found;
  found.reserve(owners.size());
  for (const auto& [inode, pid] : owners) found.push_back({inode, pid});
  return found;
}

}  // namespace assay::agent
