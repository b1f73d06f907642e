// The name of a snapshot's folder: its sequence number as 12 digits, "-", and the
// digest of its manifest. Names sort by sequence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/digest.h"

namespace assay::agent {

struct SnapshotName {
  std::int64_t sequence = 0;
  evidence::Digest digest;
  auto operator<=>(const SnapshotName&) const = default;
};

[[nodiscard]] std::string to_text(const SnapshotName& name);
// nullopt for anything that to_text() does not write.
[[nodiscard]] std::optional<SnapshotName> snapshot_name_from(std::string_view text);

// A table's file below tables/.
[[nodiscard]] std::string table_file_name(const evidence::Digest& digest);
[[nodiscard]] std::optional<evidence::Digest> table_digest_from(std::string_view file_name);

// The files of a snapshot's folder.
inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kSignatureFile = "signature";
inline constexpr const char* kVerdictFile = "verdict.json";

}  // namespace assay::agent
