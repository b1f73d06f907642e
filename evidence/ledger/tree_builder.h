// The ledger's tree built from its leaves, one after another, in a memory that does not grow with
// it: of each level the tile that is not full yet. For whoever checks a log that he did not write.
//
// Pure; used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "evidence/digest.h"
#include "evidence/ledger/tiles.h"
#include "evidence/result.h"

namespace assay::evidence {

class TreeBuilder {
 public:
  // Called for each tile when all its hashes are known, lower levels first. Its failure is that of
  // the call that made the tile.
  using OnTile = std::function<Status(const TileId& tile, const std::vector<Digest>& hashes)>;

  explicit TreeBuilder(OnTile on_tile) : on_tile_(std::move(on_tile)) {}

  [[nodiscard]] Status add(const Digest& leaf);
  // After the last leaf: the tiles that did not become full.
  [[nodiscard]] Status finish();
  // Over the leaves so far.
  [[nodiscard]] Result<Digest> root() const;
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  struct Level {
    std::int64_t full = 0;  // tiles
    std::vector<Digest> hashes;
  };

  OnTile on_tile_;
  std::int64_t size_ = 0;
  std::vector<Level> levels_;
};

}  // namespace assay::evidence
