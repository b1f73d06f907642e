// A checkpoint (C2SP tlog-checkpoint): what a log says of itself at one size, as a signed note.
//
//   assay-ledger/3f0c…                              origin: which log
//   20852163                                        entries
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=    root of the tree over them
//
//   — assay-ledger/3f0c… Az3grlgt…
//
// Pure; hostile input.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/ledger/merkle.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::evidence {

inline constexpr std::size_t kMaxExtensionLines = 16;

struct Checkpoint {
  std::string origin;
  TreeHead head;
  std::vector<std::string> extensions;  // written by other logs; ours have none
  bool operator==(const Checkpoint&) const = default;
};

// The text of the note, without signatures.
[[nodiscard]] std::string to_text(const Checkpoint& checkpoint);
// Accepts exactly what to_text() writes.
[[nodiscard]] Result<Checkpoint> checkpoint_from_text(std::string_view text);

// A checkpoint that its log signed, and which of the known witnesses vouch for it.
struct OpenedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VouchedBy> witnesses;
};
// kUnauthenticated unless `log` signed it and it is of the log `origin`; kInvalidData when it is
// none. A known witness whose line does not hold fails the whole.
[[nodiscard]] Result<OpenedCheckpoint> open_checkpoint(std::string_view note,
                                                       const VerifierKey& log,
                                                       std::string_view origin,
                                                       std::span<const VerifierKey> witnesses = {});

}  // namespace assay::evidence
