// Where dnf, yum and zypper keep what they fetched of a repository.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/updates/rpm/repositories.h"

namespace assay::agent {

// The folder with repomd.xml and the lists that it names.
struct RepositoryCache {
  std::string folder;
  std::int64_t index_modified_ns = 0;
};

// Of each repository, by manager and id, the cache that was written last; a repository whose address
// or release changed may have left others.
class RepositoryCaches {
 public:
  [[nodiscard]] static Result<RepositoryCaches> find(Host& host,
                                                     const std::vector<Repository>& repositories);

  // nullptr when nothing was ever fetched.
  [[nodiscard]] const RepositoryCache* of(const Repository& repository) const;

 private:
  [[nodiscard]] Status add(Host& host, std::string_view manager, std::string_view name,
                           const std::string& folder);
  [[nodiscard]] Status add_folders(Host& host, std::string_view manager, const std::string& base,
                                   std::size_t levels);

  std::map<std::pair<std::string, std::string>, RepositoryCache> caches_;
};

inline constexpr std::string_view kIndexName = "repomd.xml";

}  // namespace assay::agent
