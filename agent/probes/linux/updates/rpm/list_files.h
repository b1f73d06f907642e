// Which files of a repository's cache are its lists: one list may be there in several forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/updates/rpm/repository_index.h"

namespace assay::agent {

struct ListFile {
  std::string path;
  FileStatus status;
  RepositoryList list;       // what the index says of it
  bool is_database = false;  // of SQLite; else XML
};

struct ListFiles {
  std::optional<ListFile> found;
  std::string first_named;  // by the index, without folders; empty when it names none
};

// The list of packages, as XML or as yum's database; that of advisories. Of several forms that are
// in `folder`, one that needs the least work.
[[nodiscard]] Result<ListFiles> find_primary(Host& host, const std::string& folder,
                                             const std::vector<RepositoryList>& lists);
[[nodiscard]] Result<ListFiles> find_advisories(Host& host, const std::string& folder,
                                                const std::vector<RepositoryList>& lists);

}  // namespace assay::agent
