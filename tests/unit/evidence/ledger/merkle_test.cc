// The tree's hashes and proofs, by the vectors that every implementation of RFC 6962 knows, and by
// its definition for every size and pair up to some hundred.
#include "evidence/ledger/merkle.h"

#include <gtest/gtest.h>

#include "tests/unit/evidence/ledger/trees.h"

namespace assay::evidence {
namespace {

constexpr std::int64_t kSizes = 260;  // beyond one tile

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

Digest digest(std::string_view hex) {
  return Digest::from_hex(hex).value();
}

// The eight leaves and the roots over the first 1 to 8 of them that the Certificate Transparency
// implementations test with.
std::vector<Digest> known_leaves() {
  std::vector<Digest> leaves;
  for (const auto* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"})
    leaves.push_back(leaf_hash(bytes_of(hex)));
  return leaves;
}
constexpr std::array kKnownRoots = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

class Tree {
 public:
  explicit Tree(std::vector<Digest> leaves) : leaves_(std::move(leaves)) {}

  [[nodiscard]] Digest root(std::int64_t size) const {
    return plain_root(leaves_, 0, static_cast<std::size_t>(size));
  }
  [[nodiscard]] TreeHead head(std::int64_t size) const { return {size, root(size)}; }
  [[nodiscard]] const Digest& leaf(std::int64_t index) const {
    return leaves_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] ReadNode reader() const {
    return [this](const TreeNode& node) -> Result<Digest> {
      const auto begin = static_cast<std::size_t>(node.index << node.level);
      const auto end = static_cast<std::size_t>((node.index + 1) << node.level);
      if (end > leaves_.size()) return fail(Code::kInternal, "not a complete subtree");
      return plain_root(leaves_, begin, end);
    };
  }

 private:
  std::vector<Digest> leaves_;
};

Proof proof_of(std::initializer_list<const char*> hashes) {
  Proof proof;
  for (const auto* hash : hashes) proof.push_back(digest(hash));
  return proof;
}

TEST(Merkle, TheEmptyTreeIsTheHashOfNothing) {
  EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(root_of(0, nullptr).value(), empty_root());
}

TEST(Merkle, HasTheKnownRoots) {
  const Tree tree(known_leaves());
  for (std::size_t size = 1; size <= kKnownRoots.size(); ++size)
    EXPECT_EQ(root_of(static_cast<std::int64_t>(size), tree.reader())->hex(), kKnownRoots[size - 1]);
}

TEST(Merkle, MakesTheKnownInclusionProofs) {
  const Tree tree(known_leaves());
  EXPECT_EQ(inclusion_proof(0, 1, tree.reader()).value(), Proof());
  EXPECT_EQ(inclusion_proof(0, 8, tree.reader()).value(),
            proof_of({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(inclusion_proof(5, 8, tree.reader()).value(),
            proof_of({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(inclusion_proof(2, 3, tree.reader()).value(),
            proof_of({"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
  EXPECT_EQ(inclusion_proof(1, 5, tree.reader()).value(),
            proof_of({"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(Merkle, MakesTheKnownConsistencyProofs) {
  const Tree tree(known_leaves());
  EXPECT_EQ(consistency_proof(1, 1, tree.reader()).value(), Proof());
  EXPECT_EQ(consistency_proof(1, 8, tree.reader()).value(),
            proof_of({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(consistency_proof(6, 8, tree.reader()).value(),
            proof_of({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(consistency_proof(2, 5, tree.reader()).value(),
            proof_of({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
  EXPECT_EQ(consistency_proof(6, 7, tree.reader()).value(),
            proof_of({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                      "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

// Every leaf of every tree of some hundred is proven, by a proof that holds for nothing else.
TEST(Merkle, EveryLeafOfEveryTreeIsProvenAndNoOther) {
  TiledTree tiles;
  const auto leaves = numbered_leaves(kSizes);
  std::vector<TreeHead> heads{{0, empty_root()}};
  for (const auto& leaf : leaves) heads.push_back(tiles.add({leaf}));
  for (std::int64_t size = 1; size <= kSizes; ++size) {
    TileTree tree(size, tiles.reader());
    const auto& root = heads[static_cast<std::size_t>(size)].root;
    for (std::int64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, tree.reader());
      ASSERT_TRUE(proof) << proof.error().message();
      const auto& leaf = leaves[static_cast<std::size_t>(index)];
      ASSERT_TRUE(verify_inclusion(index, size, leaf, root, *proof)) << index << " of " << size;
      ASSERT_FALSE(verify_inclusion(index + 1, size, leaf, root, *proof)) << index;
      ASSERT_FALSE(verify_inclusion(index, size, leaf_hash("x"), root, *proof)) << index;
    }
  }
}

TEST(Merkle, EveryPairOfTreesIsConsistentAndNoOther) {
  TiledTree tiles;
  const auto leaves = numbered_leaves(kSizes);
  std::vector<TreeHead> heads{{0, empty_root()}};
  for (const auto& leaf : leaves) heads.push_back(tiles.add({leaf}));
  for (std::int64_t newer = 0; newer <= kSizes; ++newer) {
    TileTree tree(newer, tiles.reader());
    const auto& head = heads[static_cast<std::size_t>(newer)];
    for (std::int64_t older = 0; older <= newer; ++older) {
      const auto proof = consistency_proof(older, newer, tree.reader());
      ASSERT_TRUE(proof) << proof.error().message();
      const auto& before = heads[static_cast<std::size_t>(older)];
      ASSERT_TRUE(verify_consistency(before, head, *proof)) << older << " to " << newer;
      ASSERT_FALSE(verify_consistency({older, leaf_hash("x")}, head, *proof)) << older;
      ASSERT_FALSE(older > 0 && verify_consistency(before, {newer, leaf_hash("x")}, *proof));
    }
  }
}

// Whatever is altered in a proof, it proves no more.
TEST(Merkle, AnAlteredInclusionProofProvesNothing) {
  const Tree tree(numbered_leaves(21));
  const auto proof = inclusion_proof(13, 21, tree.reader()).value();
  const auto holds = [&](std::int64_t index, std::int64_t size, const Proof& altered) {
    return verify_inclusion(index, size, tree.leaf(13), tree.root(21), altered).has_value();
  };
  ASSERT_TRUE(holds(13, 21, proof));
  for (std::int64_t index = -1; index < 40; ++index)
    EXPECT_EQ(holds(index, 21, proof), index == 13) << index;
  for (const std::int64_t size : {0, 13, 14, 16, 42, -1}) EXPECT_FALSE(holds(13, size, proof));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Proof altered = proof;
      altered[i].bytes[i] ^= static_cast<std::uint8_t>(1U << bit);
      EXPECT_FALSE(holds(13, 21, altered));
    }
    Proof shorter = proof;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(holds(13, 21, shorter));
    Proof longer = proof;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), tree.root(21));
    EXPECT_FALSE(holds(13, 21, longer));
  }
}

TEST(Merkle, AnAlteredConsistencyProofProvesNothing) {
  const Tree tree(numbered_leaves(21));
  const auto older = tree.head(11);
  const auto newer = tree.head(21);
  const auto proof = consistency_proof(11, 21, tree.reader()).value();
  ASSERT_TRUE(verify_consistency(older, newer, proof));
  EXPECT_FALSE(verify_consistency(newer, older, proof));
  EXPECT_FALSE(verify_consistency({10, older.root}, newer, proof));
  EXPECT_FALSE(verify_consistency(older, {22, newer.root}, {}));
  EXPECT_FALSE(verify_consistency(older, newer, {}));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Proof altered = proof;
    altered[i].bytes[31] ^= 0x10;
    EXPECT_FALSE(verify_consistency(older, newer, altered));
    Proof shorter = proof;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify_consistency(older, newer, shorter));
    Proof longer = proof;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), older.root);
    EXPECT_FALSE(verify_consistency(older, newer, longer));
  }
}

// A log that drops, alters or re-orders an old entry cannot be consistent with what it was.
TEST(Merkle, AForkIsNeverConsistent) {
  auto leaves = numbered_leaves(40);
  const Tree honest(leaves);
  std::swap(leaves[3], leaves[4]);
  const Tree swapped(leaves);
  for (std::int64_t older = 5; older <= 40; ++older) {
    const auto proof = consistency_proof(older, 40, swapped.reader()).value();
    EXPECT_FALSE(verify_consistency(honest.head(older), swapped.head(40), proof)) << older;
  }
  const auto rewound = consistency_proof(20, 30, honest.reader()).value();
  EXPECT_FALSE(verify_consistency(honest.head(30), honest.head(20), rewound));
}

TEST(Merkle, AnEmptyTreeIsTheBeginningOfEveryOther) {
  const Tree tree(numbered_leaves(3));
  EXPECT_TRUE(verify_consistency({0, empty_root()}, tree.head(3), {}));
  EXPECT_TRUE(verify_consistency({0, empty_root()}, {0, empty_root()}, {}));
  EXPECT_FALSE(verify_consistency({0, tree.root(1)}, tree.head(3), {}));
  EXPECT_FALSE(verify_consistency({0, empty_root()}, tree.head(3), Proof{tree.root(1)}));
}

TEST(Merkle, RefusesSizesThatNoTreeHas) {
  const Tree tree(numbered_leaves(3));
  EXPECT_FALSE(root_of(-1, tree.reader()));
  EXPECT_FALSE(root_of(kMaxTreeSize + 1, tree.reader()));
  EXPECT_FALSE(inclusion_proof(3, 3, tree.reader()));
  EXPECT_FALSE(inclusion_proof(-1, 3, tree.reader()));
  EXPECT_FALSE(consistency_proof(4, 3, tree.reader()));
  EXPECT_FALSE(verify_inclusion(0, kMaxTreeSize + 1, tree.leaf(0), tree.leaf(0), {}));
  EXPECT_FALSE(verify_consistency({1, tree.leaf(0)}, {kMaxTreeSize + 1, tree.leaf(0)}, {}));
}

// A proof over the highest tree that there can be is short, and its checking ends.
TEST(Merkle, ProofsOfTheHighestTreeAreBounded) {
  const ReadNode read = [](const TreeNode& node) -> Result<Digest> {
    return leaf_hash(std::to_string(node.level) + "/" + std::to_string(node.index));
  };
  const auto proof = consistency_proof(kMaxTreeSize / 3, kMaxTreeSize - 1, read).value();
  EXPECT_LE(proof.size(), kMaxProofHashes);
  EXPECT_LE(inclusion_proof(kMaxTreeSize - 2, kMaxTreeSize, read)->size(), kMaxProofHashes);
  EXPECT_FALSE(verify_inclusion(5, kMaxTreeSize, proof[0], proof[1], Proof(500, proof[2])));
}

}  // namespace
}  // namespace assay::evidence
