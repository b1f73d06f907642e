// The repositories of apk's settings, and where the index of each lies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct ApkRepository {
  std::string url;  // or an absolute path
  std::string tag;  // "edge" of "@edge https://…": only for packages that ask for it; else empty
};

struct ApkRepositories {
  std::vector<ApkRepository> found;
  std::vector<std::string> not_understood;  // lines in a form that is not known
};

// Of one file; a line is a URL, perhaps with a tag before it.
void parse_apk_repositories(std::string_view text, ApkRepositories& repositories);

// Of /etc/apk/repositories and repositories.d. Empty when there are none.
[[nodiscard]] Result<ApkRepositories> read_apk_repositories(Host& host);

// Where apk may keep the index of the repository: one for each of its versions' ways to name it.
[[nodiscard]] std::vector<std::string> apk_index_paths(const ApkRepository& repository,
                                                       std::string_view arch);

}  // namespace assay::agent
