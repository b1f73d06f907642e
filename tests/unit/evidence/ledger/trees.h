// Trees for tests of the ledger: over leaves that are their own number, by the RFC's definition.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "evidence/ledger/merkle.h"
#include "evidence/ledger/tiles.h"

namespace assay::evidence {

// Leaf hashes of the entries "0", "1", …
[[nodiscard]] inline std::vector<Digest> numbered_leaves(std::int64_t count) {
  std::vector<Digest> leaves;
  for (std::int64_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(std::to_string(i)));
  return leaves;
}

// MTH of RFC 6962 §2.1 over leaves[begin, end), word by word and slowly.
[[nodiscard]] inline Digest plain_root(const std::vector<Digest>& leaves, std::size_t begin,
                                       std::size_t end) {
  if (begin == end) return sha256({});
  if (end - begin == 1) return leaves[begin];
  std::size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return node_hash(plain_root(leaves, begin, begin + split), plain_root(leaves, begin + split, end));
}

// A tree that grows in tiles, as a collector keeps it.
class TiledTree {
 public:
  TreeHead add(const std::vector<Digest>& leaves) {
    auto growth = grow(size_, leaves, reader()).value();
    for (auto& [id, hashes] : growth.tiles) tiles[id] = std::move(hashes);
    size_ = growth.head.size;
    return growth.head;
  }
  [[nodiscard]] ReadTile reader() const {
    return [this](const TileId& id, int /*width*/) -> Result<std::string> {
      const auto found = tiles.find(id);
      if (found == tiles.end()) return fail(Code::kNotFound, "no such tile");
      return found->second;
    };
  }
  [[nodiscard]] std::int64_t size() const { return size_; }

  std::map<TileId, std::string> tiles;

 private:
  std::int64_t size_ = 0;
};

}  // namespace assay::evidence
