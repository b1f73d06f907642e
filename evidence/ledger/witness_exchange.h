// What a log says to a witness to have a checkpoint co-signed, and what may be believed of the
// answer (C2SP tlog-witness, add-checkpoint):
//
//   old 20852014                                    what the witness has seen of the log
//   PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=    … the consistency proof from there
//
//   assay-ledger/3f0c…                              the checkpoint
//
// All functions are pure and may be called from any thread. An answer is hostile input.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "evidence/ledger/merkle.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

// Room for what several keys of one witness say.
inline constexpr std::size_t kMaxWitnessAnswerBytes = 16U << 10U;

// `proof` is that the checkpoint's tree begins with its first `old_size` entries.
[[nodiscard]] std::string add_checkpoint_request(std::int64_t old_size,
                                                 std::span<const Digest> proof,
                                                 std::string_view checkpoint);

// A witness's word that it has seen a log at a checkpoint, and nothing that contradicts it.
struct Cosignature {
  NoteSignature line;
  Seconds at;  // by the witness's clock
  bool operator==(const Cosignature&) const = default;
};
// The witness's own over the checkpoint, of the lines in an answer of status 200; those of other
// keys are passed over. kUnauthenticated when there is none, or one that does not hold;
// kInvalidData, kTooLarge.
[[nodiscard]] Result<Cosignature> cosignature_in(std::string_view answer,
                                                 std::string_view checkpoint,
                                                 const VerifierKey& witness);

// The size that the witness has seen, of an answer of status 409 (text/x.tlog.size). kInvalidData.
[[nodiscard]] Result<std::int64_t> tree_size_in(std::string_view answer);

// The checkpoint with further lines, each once. kInvalidData when it is no note, kTooLarge.
[[nodiscard]] Result<std::string> with_cosignatures(std::string_view checkpoint,
                                                    std::span<const NoteSignature> lines);

}  // namespace assay::evidence
