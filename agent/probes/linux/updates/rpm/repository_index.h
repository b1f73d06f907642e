// repomd.xml: which lists a repository has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct RepositoryList {
  std::string type;  // primary, updateinfo, primary_db, primary_zck…
  std::string file;  // without folders
  std::optional<std::uint64_t> unpacked_bytes;
  std::string unpacked_sha256;       // in hexadecimal; empty when another checksum stands there
  std::optional<std::int64_t> made;  // seconds since 1970
};

// kInvalidData when it is no such index or a list has no file; kTooLarge for more lists than any
// repository has.
[[nodiscard]] Result<std::vector<RepositoryList>> parse_repository_index(std::string_view text);

[[nodiscard]] const RepositoryList* find_list(const std::vector<RepositoryList>& lists,
                                              std::string_view type);

inline constexpr std::size_t kMaxRepositoryLists = 200;

}  // namespace assay::agent
