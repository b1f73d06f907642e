#include "collector/ledger/ledger_memory.h"

#include <utility>

#include "collector/ledger/ledger.h"

namespace assay::collector {

Result<std::optional<std::string>> LedgerMemory::look(LedgerStore& store) {
  const auto latest = store.checkpoint();
  if (!latest && latest.error().code() != Code::kNotFound) return fail(latest.error());
  const auto now = latest ? latest->head : evidence::TreeHead{0, evidence::empty_root()};
  if (!seen_ || *seen_ == now) {
    seen_ = now;
    return std::nullopt;
  }
  const auto before = *seen_;
  const auto had = "this collector saw " + std::to_string(before.size) + " entries, ";
  if (now.size < before.size) {
    seen_ = now;
    return "the ledger was rewound: " + had + "the store has " + std::to_string(now.size) +
           ": what was accepted meanwhile is lost";
  }
  evidence::TileTree tree(now.size, tiles_of(store));
  const auto root = evidence::root_of(before.size, tree.reader());
  // Tiles that are missing or do not add up are the sequencer's to tell.
  if (!root && root.error().code() != Code::kInvalidData && root.error().code() != Code::kNotFound)
    return fail(root.error());
  seen_ = now;
  if (root && *root == before.root) return std::nullopt;
  return "the ledger was forked: " + had + "and the first " + std::to_string(before.size) +
         " of those in the store are others";
}

}  // namespace assay::collector
