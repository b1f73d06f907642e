// The digests of files that were read before, so that a file is not read again
// while its status (inode, size, times of change) stays the same.
//
// A file that changed in the two seconds before it was read is not kept: it
// could change once more without a sign. Bounded; the file of the cache is
// trusted no further than its owner: a line that does not parse is left out.
// Used by one thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/host/file_status.h"
#include "evidence/digest.h"
#include "evidence/timestamp.h"

namespace assay::agent {

inline constexpr std::size_t kMaxCachedDigests = 20'000;

class DigestCache {
 public:
  [[nodiscard]] std::optional<evidence::Digest> find(const FileStatus& status);
  void add(const FileStatus& status, const evidence::Digest& digest, evidence::Seconds now);

  // One line a file: what was asked for since the cache was made or read. Files that nobody asked
  // for are forgotten by it.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] static DigestCache from_text(std::string_view text);

 private:
  struct Known {
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    evidence::Digest digest;
    bool is_used = false;
  };
  std::map<std::pair<std::uint64_t, std::uint64_t>, Known> files_;  // by device and inode
};

}  // namespace assay::agent
