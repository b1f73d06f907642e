#include "agent/probes/linux/package_owner.h"

namespace assay::agent {
namespace {

constexpr std::string_view kInfo = "/var/lib/dpkg/info";
constexpr std::string_view kListSuffix = ".list";
constexpr std::size_t kMaxListBytes = 64U << 20U;

bool has_line(std::string_view text, std::string_view line) {
  for (std::size_t at = text.find(line); at != std::string_view::npos;
       at = text.find(line, at + 1)) {
    const bool begins = at == 0 || text[at - 1] == '\n';
    const auto end = at + line.size();
    if (begins && (end == text.size() || text[end] == '\n')) return true;
  }
  return false;
}

std::string_view package_of(std::string_view list_name) {
  list_name.remove_suffix(kListSuffix.size());
  return list_name.substr(0, list_name.find(':'));  // "libc6:amd64.list"
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto [end, other] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(end - a.begin());
}

// The best promise of each list over all paths.
std::vector<std::pair<int, std::string>> by_promise(const std::vector<std::string>& names,
                                                    const std::set<std::string>& paths) {
  std::vector<std::pair<int, std::string>> lists;
  for (const auto& name : names) {
    if (!name.ends_with(kListSuffix)) continue;
    int best = 0;
    for (const auto& path : paths) best = std::max(best, resemblance(package_of(name), path));
    lists.emplace_back(best, name);
  }
  std::ranges::stable_sort(lists, std::ranges::greater{}, &std::pair<int, std::string>::first);
  return lists;
}

}  // namespace

bool lists_path(std::string_view list, std::string_view path) {
  constexpr std::string_view kUsr = "/usr";
  if (has_line(list, path)) return true;
  if (path.starts_with("/usr/bin/") || path.starts_with("/usr/sbin/") ||
      path.starts_with("/usr/lib"))
    return has_line(list, path.substr(kUsr.size()));
  if (path.starts_with("/bin/") || path.starts_with("/sbin/") || path.starts_with("/lib"))
    return has_line(list, std::string(kUsr).append(path));
  return false;
}

int resemblance(std::string_view package, std::string_view path) {
  constexpr int kWholeName = 1000;
  constexpr int kProgramInPackage = 500;
  constexpr int kFolderIsPackage = 400;
  constexpr int kPerLetter = 10;
  constexpr std::size_t kMinLetters = 3;
  const auto program = path.substr(path.rfind('/') + 1);
  if (program == package) return kWholeName;
  int promise = 0;
  // "sshd" of openssh-server: a daemon's d is not part of the name.
  auto stem = program;
  if (stem.size() > kMinLetters && stem.ends_with('d')) stem.remove_suffix(1);
  if (stem.size() >= kMinLetters && package.find(stem) != std::string_view::npos)
    promise = kProgramInPackage - static_cast<int>(std::min<std::size_t>(package.size(), 99));
  // "/usr/lib/postgresql/15/bin/postgres", "/opt/google/chrome/chrome"
  if (package.size() >= kMinLetters) {
    const auto at = path.find(package);
    if (at != std::string_view::npos && at > 0 && path[at - 1] == '/')
      promise = std::max(promise, kFolderIsPackage);
  }
  const auto prefix = common_prefix(package, program);
  if (prefix >= kMinLetters) promise = std::max(promise, kPerLetter * static_cast<int>(prefix));
  return promise;
}

Result<std::map<std::string, std::string>> find_package_owners(
    Host& host, const std::set<std::string>& paths) {
  std::map<std::string, std::string> owners;
  if (paths.empty()) return owners;
  const auto names = host.list_directory(kInfo, kMaxDirectoryEntries);
  if (!names) {
    if (names.error().code() == Code::kNotFound) return owners;
    return fail(names.error());
  }
  std::set<std::string> wanted = paths;
  for (const auto& [promise, name] : by_promise(*names, paths)) {
    if (wanted.empty()) break;
    const auto list = host.read_file(std::string(kInfo).append("/").append(name), kMaxListBytes);
    if (!list) {
      if (list.error().code() == Code::kNotFound) continue;  // removed since the listing
      return fail(list.error());
    }
    std::erase_if(wanted, [&, list_name = std::string_view(name)](const std::string& path) {
      if (!lists_path(*list, path)) return false;
      owners.emplace(path, package_of(list_name));
      return true;
    });
  }
  return owners;
}

}  // namespace assay::agent
