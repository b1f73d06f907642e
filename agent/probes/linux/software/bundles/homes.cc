#include "agent/probes/linux/software/bundles/homes.h"

#include "agent/host/mount_table.h"
#include "agent/probes/linux/accounts/account_files.h"

namespace assay::agent {
namespace {

constexpr std::string_view kPasswd = "/etc/passwd";
constexpr std::string_view kMounts = "/proc/self/mountinfo";
constexpr std::size_t kMaxPasswdBytes = 16U << 20U;

bool is_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// The last mount whose folder is nearest: it hides those before.
const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view directory) {
  const Mount* nearest = nullptr;
  for (const auto& mount : mounts)
    if (is_below(directory, mount.point) &&
        (nearest == nullptr || mount.point.size() >= nearest->point.size()))
      nearest = &mount;
  return nearest;
}

// Where accounts of services have no home, or the whole system for one.
bool is_home(std::string_view directory) {
  return directory.starts_with('/') && directory != "/" && directory != "/nonexistent" &&
         directory != "/dev/null";
}

}  // namespace

Result<std::vector<Home>> home_folders(Host& host) {
  std::vector<Home> homes;
  const auto text = host.read_file(kPasswd, kMaxPasswdBytes);
  if (!text && text.error().code() == Code::kNotFound) return homes;  // an image without accounts
  if (!text) return fail(text.error());
  const auto entries = parse_passwd(*text);
  if (!entries) return fail(entries.error().within("reading " + std::string(kPasswd)));
  // An image has no mounts.
  const auto table = host.is_live() ? host.read_file(kMounts, kMaxConfigBytes) : std::string();
  if (!table) return fail(table.error());
  const auto mounts = parse_mount_info(*table);
  std::set<std::string_view> seen;
  for (const auto& entry : *entries) {
    if (!is_home(entry.directory) || !seen.insert(entry.directory).second) continue;
    Home home{.username = entry.name, .uid = entry.uid, .directory = entry.directory};
    const auto* mount = mount_of(mounts, entry.directory);
    const auto use = mount == nullptr ? MountUse::kLocal : use_of(mount->kind);
    // "sys" has /dev for a home, where nobody installs anything; behind autofs a network waits.
    if (use == MountUse::kKernel && mount->kind != "autofs") continue;
    if (use != MountUse::kLocal)
      home.why_not = "the home folder is on " + mount->kind + ", which is not looked at";
    homes.push_back(std::move(home));
  }
  return homes;
}

}  // namespace assay::agent
