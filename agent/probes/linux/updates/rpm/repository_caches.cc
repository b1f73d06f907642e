#include "agent/probes/linux/updates/rpm/repository_caches.h"

#include <algorithm>
#include <set>

namespace assay::agent {
namespace {

// "baseos" of "baseos-a1b2c3d4e5f60718": dnf adds a digest of the address.
std::string_view id_of(std::string_view name) {
  constexpr std::size_t kDigestLetters = 16;
  if (name.size() <= kDigestLetters + 1 || name[name.size() - kDigestLetters - 1] != '-')
    return name;
  const auto digest = name.substr(name.size() - kDigestLetters);
  if (digest.find_first_not_of("0123456789abcdef") != std::string_view::npos) return name;
  return name.substr(0, name.size() - kDigestLetters - 1);
}

// Folders of dnf's and yum's caches: the usual ones, and what the main file names.
std::set<std::string> dnf_folders(const std::vector<Repository>& repositories) {
  std::set<std::string> folders = {"/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"};
  for (const auto& repository : repositories)
    for (const std::string_view key : {"cachedir", "system_cachedir"})
      if (const auto set = repository.main->find(key); set != repository.main->end()) {
        // yum's has $basearch/$releasever behind it.
        std::string_view folder = set->second;
        folder = folder.substr(0, folder.find("/$"));
        while (folder.ends_with('/')) folder.remove_suffix(1);
        if (folder.starts_with('/')) folders.emplace(folder);
      }
  return folders;
}

}  // namespace

Status RepositoryCaches::add(Host& host, std::string_view manager, std::string_view name,
                             const std::string& folder) {
  const auto status = host.status(folder + "/" + std::string(kIndexName));
  if (!status) return fail(status.error());
  if (status->kind != FileKind::kRegular) return fail(Code::kNotFound, "no index");
  auto& kept = caches_[{std::string(manager), std::string(id_of(name))}];
  if (kept.folder.empty() || kept.index_modified_ns < status->modified_ns)
    kept = {.folder = folder, .index_modified_ns = status->modified_ns};
  return {};
}

Status RepositoryCaches::add_folders(Host& host, std::string_view manager, const std::string& base,
                                     std::size_t levels) {
  const auto names = host.list_directory(base, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    const auto folder = base + "/" + name;
    bool is_cache = false;
    for (const auto& place : {folder + "/repodata", folder}) {
      const auto added = add(host, manager, name, place);
      is_cache = added.has_value();
      if (is_cache) break;
      // Files lie beside the folders.
      if (added.error().code() != Code::kNotFound) return added;
    }
    if (is_cache || levels == 1) continue;
    const auto status = host.status(folder);
    if (!status || status->kind != FileKind::kDirectory) continue;
    if (auto added = add_folders(host, manager, folder, levels - 1); !added) return added;
  }
  return {};
}

Result<RepositoryCaches> RepositoryCaches::find(Host& host,
                                                const std::vector<Repository>& repositories) {
  constexpr std::size_t kYumLevels = 3;  // architecture, release, repository
  RepositoryCaches found;
  for (const auto& folder : dnf_folders(repositories))
    if (auto added = found.add_folders(host, "dnf", folder, kYumLevels); !added)
      return fail(std::move(added.error()));
  if (auto added = found.add_folders(host, "zypper", "/var/cache/zypp/raw", 1); !added)
    return fail(std::move(added.error()));
  return found;
}

const RepositoryCache* RepositoryCaches::of(const Repository& repository) const {
  auto id = repository.id;
  std::ranges::replace(id, '/', '_');  // as zypper names the folder
  const auto found = caches_.find({std::string(repository.manager), id});
  return found == caches_.end() ? nullptr : &found->second;
}

}  // namespace assay::agent
