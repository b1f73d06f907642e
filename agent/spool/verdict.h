// What became of a snapshot: a receipt, or a refusal for good. One small JSON
// file, written by the courier and kept with the snapshot.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::agent {

struct Verdict {
  bool is_receipt = false;
  evidence::Seconds at;  // receipt: when the collector first accepted it; refusal: when we heard
  // Of a refusal: "malformed", "bad_signature", "foreign_host", "fork", "bad_table", "unspecified"
  // from the collector, "damaged" when our own files do not have their digest any more.
  std::string reason;
  std::string detail;
  bool operator==(const Verdict&) const = default;
};

inline constexpr std::size_t kMaxVerdictBytes = 8U << 10U;

[[nodiscard]] std::string to_json(const Verdict& verdict);
[[nodiscard]] Result<Verdict> verdict_from_json(std::string_view json);

}  // namespace assay::agent
