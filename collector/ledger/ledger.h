// The ledger as one reads it: proofs out of the tiles that the store keeps
// (docs/formats/ledger.md).
//
// Safe from any thread; every call asks the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

  // At the checkpoint that was stamped. kInvalidData when there is none in it.
  [[nodiscard]] static Result<LedgerView> stamped(LedgerStore& store, const StoredTimeStamp& stamp);

  [[nodiscard]] const StoredCheckpoint& checkpoint() const { return checkpoint_; }
  // That the manifest is in the log. kNotFound when it is not (yet) in it at this checkpoint.
  [[nodiscard]] Result<evidence::TlogProof> prove(const evidence::Digest& manifest);
  // That the log began with its first `older` entries as they were. kUsage for a size it never had.
  [[nodiscard]] Result<evidence::Proof> consistency(std::int64_t older);
  // The root over the first `size` entries. kUsage likewise.
  [[nodiscard]] Result<evidence::Digest> root(std::int64_t size);

 private:
  LedgerView(LedgerStore& store, StoredCheckpoint checkpoint)
      : store_(&store),
        checkpoint_(std::move(checkpoint)),
        tree_(checkpoint_.head.size, tiles_of(store)) {}

  LedgerStore* store_;
  StoredCheckpoint checkpoint_;
  evidence::TileTree tree_;
};

// That the log of `newer` entries begins with that of `older`. kUsage for sizes it never had.
[[nodiscard]] Result<evidence::Proof> consistency_between(LedgerStore& store, std::int64_t older,
                                                          std::int64_t newer);

// When the first entry was accepted that no time stamp covers; nothing when all are covered.
[[nodiscard]] Result<std::optional<evidence::Seconds>> unstamped_since(LedgerStore& store);

}  // namespace assay::collector
