#include "agent/probes/linux/updates/rpm/list_files.h"

#include <array>

#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

// Nothing when it is not there.
Result<std::optional<FileStatus>> status_of(Host& host, const std::string& path) {
  auto status = host.status(path);
  if (!status && status.error().code() == Code::kNotFound) return std::nullopt;
  if (!status) return fail(std::move(status.error()));
  return *status;
}

Status add_if_there(Host& host, const std::string& path, const RepositoryList& list,
                    ListFiles& files) {
  const auto status = status_of(host, path);
  if (!status) return fail(status.error());
  if (*status) files.found = ListFile{.path = path, .status = **status, .list = list};
  return {};
}

// yum unpacks a database beside the packed one, under a name that is always the same: it may be of
// the list before. Only one that is what the index names is taken.
Status add_unpacked(Host& host, const std::string& folder, const RepositoryList& list,
                    ListFiles& files) {
  if (list.unpacked_sha256.empty()) return {};
  const auto path = folder + "/gen/" + list.type + ".sqlite";
  const auto status = status_of(host, path);
  if (!status) return fail(status.error());
  if (!*status || (list.unpacked_bytes && *list.unpacked_bytes != (*status)->size_bytes)) return {};
  const auto digest = host.sha256_of(path, kMaxStoredFileBytes);
  if (!digest) return fail(digest.error());
  if (digest->hex() == list.unpacked_sha256)
    files.found = ListFile{.path = path, .status = **status, .list = list};
  return {};
}

template <std::size_t kCount>
Result<ListFiles> find_first(Host& host, const std::string& folder,
                             const std::vector<RepositoryList>& lists,
                             const std::array<std::string_view, kCount>& types) {
  ListFiles files;
  for (const auto type : types) {
    const auto* list = find_list(lists, type);
    if (list == nullptr) continue;
    if (files.first_named.empty()) files.first_named = list->file;
    const bool is_database = type.ends_with("_db");
    if (is_database)
      if (auto added = add_unpacked(host, folder, *list, files); !added)
        return fail(std::move(added.error()));
    if (!files.found)
      if (auto added = add_if_there(host, folder + "/" + list->file, *list, files); !added)
        return fail(std::move(added.error()));
    if (!files.found) continue;
    files.found->is_database = is_database;
    break;
  }
  return files;
}

}  // namespace

Result<ListFiles> find_primary(Host& host, const std::string& folder,
                               const std::vector<RepositoryList>& lists) {
  constexpr std::array<std::string_view, 3> kTypes = {"primary", "primary_zck", "primary_db"};
  return find_first(host, folder, lists, kTypes);
}

Result<ListFiles> find_advisories(Host& host, const std::string& folder,
                                  const std::vector<RepositoryList>& lists) {
  constexpr std::array<std::string_view, 2> kTypes = {"updateinfo", "updateinfo_zck"};
  return find_first(host, folder, lists, kTypes);
}

}  // namespace assay::agent
