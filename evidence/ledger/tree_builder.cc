#include "evidence/ledger/tree_builder.h"

#include <string>
#include <utility>

namespace assay::evidence {

Status TreeBuilder::add(const Digest& leaf) {
  ++size_;
  Digest hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& [full, hashes] = levels_[level];
    hashes.push_back(hash);
    if (hashes.size() < static_cast<std::size_t>(kTileWidth)) return {};
    const TileId tile{static_cast<int>(level), full++};
    if (auto told = on_tile_(tile, hashes); !told) return told;
    hash = root_of_tile(std::exchange(hashes, {}));
  }
}

Status TreeBuilder::finish() {
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const auto& [full, hashes] = levels_[level];
    if (hashes.empty()) continue;
    if (auto told = on_tile_({static_cast<int>(level), full}, hashes); !told) return told;
  }
  return {};
}

Result<Digest> TreeBuilder::root() const {
  // Of a tree's right edge every hash is in a tile that is not full.
  TileTree tree(size_, [this](const TileId& tile, int) -> Result<std::string> {
    std::string bytes;
    for (const auto& hash : levels_.at(static_cast<std::size_t>(tile.level)).hashes)
      bytes += hash.raw();
    return bytes;
  });
  return root_of(size_, tree.reader());
}

}  // namespace assay::evidence
