// A manifest says what one scan saw: which tables, with which digests, on which
// host, after which earlier manifest. The agent signs its canonical bytes.
// A manifest together with its tables is a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::evidence {

enum class TableStatus { kOk, kUnavailable };

struct ManifestEntry {
  std::string name;
  TableStatus status = TableStatus::kUnavailable;
  // Why there is no table: "permission_denied: reading /etc/shadow: …". Empty when ok.
  std::string reason;
  std::optional<Digest> digest;  // set exactly when ok
  std::int64_t rows = 0;
  std::int64_t bytes = 0;  // of the canonical form
  std::int64_t milliseconds = 0;
  // When an earlier scan collected it, and this one only repeats it (RFC 3339, before the
  // manifest's `started`). Absent: this scan saw it.
  std::optional<std::string> collected = std::nullopt;
  bool operator==(const ManifestEntry&) const = default;
};

struct Manifest {
  std::string host_id;    // UUID from enrollment; empty when the host is not enrolled
  std::string host_name;  // as the host calls itself
  std::string agent_version;
  Digest config_digest;  // of the settings in force
  std::string profile;   // "server" or "pc"
  // 1 for the first manifest of an enrollment, then without a gap.
  std::int64_t sequence = 0;
  std::optional<Digest> previous;  // absent for sequence 1
  std::string started;             // RFC 3339, UTC, to the second: 2026-11-21T01:02:03Z
  std::string ended;
  std::vector<ManifestEntry> tables;  // sorted by name
  bool operator==(const Manifest&) const = default;

  [[nodiscard]] const ManifestEntry* find(std::string_view table) const;
};

// One line of JSON with a fixed key order and the strings of canonical.h, ended
// by LF. Sorts nothing: kInvalidData if the entries are not sorted by name, or anything else
// that the reader refuses.
[[nodiscard]] Result<std::string> to_canonical(const Manifest& manifest);

// Accepts exactly what to_canonical() writes.
[[nodiscard]] Result<Manifest> manifest_from_canonical(std::string_view bytes);

}  // namespace assay::evidence
