// What a backup holds: backup.json, one JSON object beside the files that it lists.
//   {"assay":"backup/1","taken_at":"2026-11-28T01:02:03Z","version":"0.1.0",
//    "files":[{"path":"store.db","bytes":4096,"sha256":"…"}]}
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::collector {

inline constexpr const char* kBackupList = "backup.json";
inline constexpr std::size_t kMaxBackupFiles = 10'000;
inline constexpr std::size_t kMaxBackupListBytes = 4U << 20U;

struct BackupFile {
  std::string path;  // below the backup's folder: "identity/ca.key"
  std::int64_t bytes = 0;
  evidence::Digest digest;  // SHA-256 of the content
};

struct BackupList {
  std::string taken_at;           // RFC 3339, UTC
  std::string version;            // of the program that took it
  std::vector<BackupFile> files;  // sorted by path
};

[[nodiscard]] std::string to_json(const BackupList& list);
// kInvalidData for anything that to_json() does not write, a path that leaves the folder among it.
[[nodiscard]] Result<BackupList> backup_list_from(std::string_view json);

}  // namespace assay::collector
