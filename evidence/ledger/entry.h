// An entry of the ledger: that a collector accepted a manifest, or has an act of a person on record
// (act.h). One line of JSON in one form, without spaces and line breaks, LF at the end:
//
//   {"assay":"ledger-entry/1","manifest":"44b3…","host_id":"7b1c…","sequence":12,
//    "accepted":"2026-11-21T01:02:03Z"}
//   {"assay":"ledger-act/1","act":"9f86…","number":7,"at":"2026-11-21T01:02:03Z"}
//
// It holds nothing of what was found or said, so that the log may be shown to anybody. Pure.
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
  Digest digest;              // of the manifest's or of the act's canonical bytes
  std::string host_id;        // of the manifest; empty: it is an act
  std::int64_t sequence = 0;  // the manifest's number, or the act's
  Seconds accepted;           // when the collector first accepted it, or when it was done
  bool operator==(const LedgerEntry&) const = default;

  [[nodiscard]] bool is_act() const { return host_id.empty(); }
};

[[nodiscard]] std::string to_text(const LedgerEntry& entry);
// Accepts exactly what to_text() writes. kInvalidData.
[[nodiscard]] Result<LedgerEntry> ledger_entry_from(std::string_view text);

}  // namespace assay::evidence
