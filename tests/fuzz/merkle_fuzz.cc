// Trees and proofs: what is proven of a tree is so, and nothing else is. The input chooses the tree's
// size, a leaf, an earlier size, and where the proof is altered.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "evidence/ledger/tiles.h"

namespace {

using namespace assay::evidence;

constexpr std::int64_t kMostLeaves = 600;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Tree {
  std::map<TileId, std::string> tiles;
  std::vector<Digest> leaves;
  std::vector<TreeHead> heads{{0, empty_root()}};

  Tree() {
    for (std::int64_t i = 0; i < kMostLeaves; ++i) {
      leaves.push_back(leaf_hash(std::to_string(i)));
      auto growth = grow(i, {leaves.back()}, reader()).value();
      for (auto& [id, hashes] : growth.tiles) tiles[id] = std::move(hashes);
      heads.push_back(growth.head);
    }
  }
  [[nodiscard]] ReadTile reader() const {
    return [this](const TileId& id, int) -> assay::Result<std::string> { return tiles.at(id); };
  }
};

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::int64_t number(std::int64_t most) {
    std::int64_t value = 0;
    for (int i = 0; i < 2; ++i) value = value * 256 + (at_ < size_ ? data_[at_++] : 0);
    return value % (most + 1);
  }
  // Alters a hash of the proof, removes one, or adds one; false when the input is at its end.
  bool alter(Proof& proof) {
    if (at_ >= size_) return false;
    const auto how = data_[at_++] % 3;
    const auto at = proof.empty() ? 0 : number(static_cast<std::int64_t>(proof.size()) - 1);
    const auto place = proof.begin() + static_cast<std::ptrdiff_t>(at);
    if (how == 0 && !proof.empty())
      place->bytes[static_cast<std::size_t>(number(31))] ^= static_cast<std::uint8_t>(1 + number(254));
    else if (how == 1 && !proof.empty())
      proof.erase(place);
    else
      proof.insert(place, leaf_hash("added"));
    return true;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Tree kTree;
  Input input(data, size);
  const auto newer = 1 + input.number(kMostLeaves - 1);
  const auto index = input.number(newer - 1);
  const auto older = input.number(newer);
  const auto& head = kTree.heads[static_cast<std::size_t>(newer)];
  const auto& before = kTree.heads[static_cast<std::size_t>(older)];
  const auto& leaf = kTree.leaves[static_cast<std::size_t>(index)];
  TileTree tree(newer, kTree.reader());
  auto inclusion = inclusion_proof(index, newer, tree.reader()).value();
  auto consistency = consistency_proof(older, newer, tree.reader()).value();
  require(inclusion.size() <= kMaxProofHashes && consistency.size() <= kMaxProofHashes);
  require(verify_inclusion(index, newer, leaf, head.root, inclusion).has_value());
  require(verify_consistency(before, head, consistency).has_value());
  const auto good = std::pair(inclusion, consistency);
  if (!input.alter(inclusion) || !input.alter(consistency)) return 0;
  require(inclusion == good.first ||
          !verify_inclusion(index, newer, leaf, head.root, inclusion));
  require(consistency == good.second || !verify_consistency(before, head, consistency));
  return 0;
}
