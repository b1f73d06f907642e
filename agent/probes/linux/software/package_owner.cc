#include "agent/probes/linux/software/package_owner.h"

#include <cstring>
#include <iterator>

#include "agent/probes/linux/software/other_owners.h"

namespace assay::agent {
namespace {

constexpr std::string_view kInfo = "/var/lib/dpkg/info";
constexpr std::string_view kListSuffix = ".list";
constexpr std::size_t kMaxListBytes = 64U << 20U;

constexpr std::string_view kUsr = "/usr";
// Where people and running programs put files, and packages do not. Spares reading every list for
// a program that somebody built at home.
constexpr std::array<std::string_view, 6> kNeverPackaged = {"/root/",    "/home/", "/tmp/",
                                                            "/var/tmp/", "/run/",  "/dev/"};

bool may_be_packaged(std::string_view path) {
  return std::ranges::none_of(kNeverPackaged,
                              [&](std::string_view folder) { return path.starts_with(folder); });
}

// memmem() looks at a fraction of the bytes; find() would stop at each of the many slashes.
std::size_t find_from(std::string_view text, std::string_view needle, std::size_t at) {
  const auto* found = ::memmem(text.data() + at, text.size() - at, needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_merged(std::string_view path) {
  return path.starts_with("/bin/") || path.starts_with("/sbin/") || path.starts_with("/lib");
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

// Takes what it finds an owner of out of `wanted`.
Status add_dpkg_owners(Host& host, std::set<std::string>& wanted,
                       std::map<std::string, std::string>& owners) {
  if (wanted.empty()) return {};
  const auto names = host.list_directory(kInfo, kMaxDirectoryEntries);
  if (!names) {
    if (names.error().code() == Code::kNotFound) return {};
    return fail(names.error());
  }
  for (const auto& [promise, name] : by_promise(*names, wanted)) {
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
  return {};
}

}  // namespace

bool lists_path(std::string_view list, std::string_view path) {
  // Under its shorter name, which is a part of the longer one.
  std::string_view name = path;
  if (name.starts_with(kUsr) && is_merged(name.substr(kUsr.size())))
    name.remove_prefix(kUsr.size());
  const bool has_two_names = is_merged(name);
  for (std::size_t at = find_from(list, name, 0); at != std::string_view::npos;
       at = find_from(list, name, at + 1)) {
    const auto end = at + name.size();
    if (end != list.size() && list[end] != '\n') continue;
    auto before = list.substr(0, at);
    if (before.empty() || before.ends_with('\n')) return true;
    if (!has_two_names || !before.ends_with(kUsr)) continue;
    before.remove_suffix(kUsr.size());
    if (before.empty() || before.ends_with('\n')) return true;
  }
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

Result<std::map<std::string, std::string>> find_package_owners(Host& host,
                                                               const std::set<std::string>& paths) {
  std::map<std::string, std::string> owners;
  std::set<std::string> wanted;
  std::ranges::copy_if(paths, std::inserter(wanted, wanted.end()), may_be_packaged);
  if (auto added = add_dpkg_owners(host, wanted, owners); !added)
    return fail(std::move(added.error()));
  if (wanted.empty()) return owners;
  if (auto added = add_apk_owners(host, wanted, owners); !added)
    return fail(std::move(added.error()));
  if (auto added = add_rpm_owners(host, wanted, owners);
      !added && added.error().code() != Code::kUnavailable &&
      added.error().code() != Code::kInvalidData)
    return fail(std::move(added.error()));
  return owners;
}

}  // namespace assay::agent
