// The ledger as one reads it: proofs out of the tiles that the store keeps
// (docs/formats/ledger.md).
//
// Safe from any thread; every call asks the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/evidence_store.h"
#include "collector/store/ledger_store.h"
#include "evidence/ledger/merkle.h"
#include "evidence/ledger/tiles.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/result.h"

namespace assay::collector {

// The tiles of a store.
[[nodiscard]] evidence::ReadTile tiles_of(LedgerStore& store);

// The log as it is at one checkpoint: several proofs from here read each tile once.
class LedgerView {
 public:
  // At the latest checkpoint. kNotFound while nothing was logged.
  [[nodiscard]] static Result<LedgerView> latest(LedgerStore& store);

  // At the checkpoint in the note, which the store may keep no longer. kInvalidData when it is
  // none.
  [[nodiscard]] static Result<LedgerView> at(LedgerStore& store, std::string note);

  [[nodiscard]] const evidence::TreeHead& head() const { return head_; }
  [[nodiscard]] const std::string& note() const { return note_; }
  // That the manifest or act is in the log. kNotFound when it is not (yet) in it at this checkpoint.
  [[nodiscard]] Result<evidence::TlogProof> prove(const evidence::Digest& digest);
  // That the log began with its first `older` entries as they were. kUsage for a size it never had.
  [[nodiscard]] Result<evidence::Proof> consistency(std::int64_t older);
  // The root over the first `size` entries. kUsage likewise.
  [[nodiscard]] Result<evidence::Digest> root(std::int64_t size);

 private:
  LedgerView(LedgerStore& store, const evidence::TreeHead& head, std::string note)
      : store_(&store), head_(head), note_(std::move(note)), tree_(head.size, tiles_of(store)) {}

  LedgerStore* store_;
  evidence::TreeHead head_;
  std::string note_;
  evidence::TileTree tree_;
};

// kLost when it is not one that the ledger signed: such a checkpoint is shown to nobody else.
[[nodiscard]] Status check_signed(const StoredCheckpoint& checkpoint,
                                  const evidence::VerifierKey& ledger);

// That the log of `newer` entries begins with that of `older`. kUsage for sizes it never had.
[[nodiscard]] Result<evidence::Proof> consistency_between(LedgerStore& store, std::int64_t older,
                                                          std::int64_t newer);

// The checkpoints that witnesses co-signed last, each with all of their lines: by size, the largest
// first.
struct CosignedCheckpoint {
  std::int64_t size = 0;
  std::string note;
};
[[nodiscard]] Result<std::vector<CosignedCheckpoint>> cosigned_checkpoints(LedgerStore& store);

// That something is wrong with the ledger: an alarm, of the whole store unless a host is filled in.
[[nodiscard]] Event ledger_event(std::string detail, evidence::Seconds now);

// When the first entry was accepted that no time stamp covers; nothing when all are covered.
[[nodiscard]] Result<std::optional<evidence::Seconds>> unstamped_since(LedgerStore& store);

}  // namespace assay::collector
