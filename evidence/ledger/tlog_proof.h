// A proof that an entry is in a log, in one file (C2SP tlog-proof, ".tlog-proof"): where it is, the
// hashes up to the root, and the checkpoint that was signed over that root. Whoever has the log's
// public key can check it without any network.
//
// Assay's own carry the entry itself as `extra`, because it holds one thing that nothing else in a
// bundle says: when the collector accepted the manifest. Pure; hostile input.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/entry.h"
#include "evidence/ledger/merkle.h"
#include "evidence/result.h"

namespace assay::evidence {

inline constexpr std::size_t kMaxExtraBytes = 16U << 10U;
inline constexpr std::size_t kMaxTlogProofBytes = 160U << 10U;

struct TlogProof {
  std::string extra;  // vouched for by nobody until it is checked against the leaf
  std::int64_t index = 0;
  Proof hashes;
  std::string checkpoint;  // a signed note
  bool operator==(const TlogProof&) const = default;
};

[[nodiscard]] std::string to_text(const TlogProof& proof);
// Accepts exactly what to_text() writes; the checkpoint is a note, which nobody has opened yet.
[[nodiscard]] Result<TlogProof> tlog_proof_from(std::string_view text);

// The checkpoint by which the entry is proven to be in the log of that name. kUnauthenticated,
// kInvalidData.
[[nodiscard]] Result<OpenedCheckpoint> verify_logged(const TlogProof& proof, std::string_view entry,
                                                     const VerifierKey& log,
                                                     std::string_view origin,
                                                     std::span<const VerifierKey> witnesses = {});

}  // namespace assay::evidence
