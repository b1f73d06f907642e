// What a Host says about a file without opening it.
#pragma once

#include <chrono>
#include <cstdint>

#include "evidence/timestamp.h"

namespace assay::agent {

enum class FileKind { kRegular, kDirectory, kSymlink, kOther };

struct FileStatus {
  FileKind kind = FileKind::kOther;
  std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t links = 1;  // names that the file has
  std::uint64_t size_bytes = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;  // since 1970
  std::int64_t changed_ns = 0;
  bool operator==(const FileStatus&) const = default;
};

// Two writes within one tick of a file system's clock leave the same times. So what changed in the
// last seconds before `now` could change once more without a sign, and a status says nothing of it.
[[nodiscard]] inline bool has_settled(std::int64_t changed_ns, evidence::Seconds now) {
  constexpr std::int64_t kSettlingNs = 2'000'000'000;
  return changed_ns <= std::chrono::nanoseconds(now.time_since_epoch()).count() - kSettlingNs;
}

}  // namespace assay::agent
