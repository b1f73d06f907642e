// An entry of the ledger: that a collector accepted a manifest. One line of JSON in one form:
//
//   {"assay":"ledger-entry/1","manifest":"44b3…","host_id":"7b1c…","sequence":12,
//    "accepted":"2026-11-21T01:02:03Z"}   without spaces and line breaks, LF at the end
//
// It holds nothing of what was found, so that the log may be shown to anybody. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

// tlog-tiles' own limit is 65,535.
inline constexpr std::size_t kMaxEntryBytes = 512;

struct LedgerEntry {
  Digest manifest;
  std::string host_id;
  std::int64_t sequence = 0;
  Seconds accepted;  // when the collector first accepted it
  bool operator==(const LedgerEntry&) const = default;
};

[[nodiscard]] std::string to_text(const LedgerEntry& entry);
// Accepts exactly what to_text() writes. kInvalidData.
[[nodiscard]] Result<LedgerEntry> ledger_entry_from(std::string_view text);

}  // namespace assay::evidence
