// POSIX ustar archives in one fixed form: regular files only, sorted by name, owned by nobody,
// dated 1970, so that the same files always are the same bytes.
//
// The reader accepts exactly what the writer writes. Nothing is extracted to a file system here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::evidence {

struct TarMember {
  std::string_view name;  // "tables/users.jsonl": [A-Za-z0-9._-] in parts separated by '/'
  std::string_view content;
  bool operator==(const TarMember&) const = default;
};

// kInvalidData for a name that the format does not have (absolute, "..", over 99 bytes) or members
// that are not strictly sorted by name; kTooLarge over kMaxTableBytes for one member,
// kMaxBundleBytes or kMaxBundleEntries.
[[nodiscard]] Result<std::string> write_tar(std::span<const TarMember> members);

// The same piece by piece, for who does not hold all of it: each member is its header, its content
// and zeros up to a whole block; behind the last one stands tar_end(). Whether members are sorted
// and the archive within bounds is the caller's to see to.
[[nodiscard]] Result<std::string> tar_header(std::string_view name, std::size_t size);
[[nodiscard]] std::string tar_padding(std::size_t size);
[[nodiscard]] std::string tar_end();
// How many bytes of an archive a member of this size takes.
[[nodiscard]] std::size_t tar_bytes_of(std::size_t size);
inline constexpr std::size_t kTarEndBytes = 1024;

// The members are views into `bytes`. kInvalidData names the byte at which the archive is not one.
[[nodiscard]] Result<std::vector<TarMember>> read_tar(std::string_view bytes);

}  // namespace assay::evidence
