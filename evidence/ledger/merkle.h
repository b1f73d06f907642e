// The Merkle tree of the ledger: hashes and proofs of RFC 6962 §2.1 (the same in RFC 9162) with
// SHA-256. A leaf is an entry's hash; the tree over n of them splits at the largest power of two
// below n.
//
// All functions are pure. Proofs are made from the hashes of complete subtrees, which whoever
// keeps a tree can look up (tiles.h), and checked with nothing but the proof itself.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::evidence {

// More than can ever be logged, and no sum or shift of it overflows.
inline constexpr std::int64_t kMaxTreeSize = std::int64_t{1} << 62;
// Of a proof: one hash for each level of the highest tree, and one for where a consistency proof
// begins.
inline constexpr std::size_t kMaxProofHashes = 63;

[[nodiscard]] Digest leaf_hash(std::string_view entry);
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);
[[nodiscard]] Digest empty_root();  // of the tree without leaves

// A complete subtree: the leaves from index << level up to (index + 1) << level.
struct TreeNode {
  int level = 0;
  std::int64_t index = 0;
  bool operator==(const TreeNode&) const = default;
};
using ReadNode = std::function<Result<Digest>(const TreeNode&)>;

using Proof = std::vector<Digest>;

// The root of the tree over the first `size` leaves. kInvalidData for a size out of bounds; else
// what `read` fails with.
[[nodiscard]] Result<Digest> root_of(std::int64_t size, const ReadNode& read);
// RFC 6962 §2.1.1: that leaf `index` is in the tree of `size` leaves.
[[nodiscard]] Result<Proof> inclusion_proof(std::int64_t index, std::int64_t size,
                                            const ReadNode& read);
// RFC 6962 §2.1.2: that the tree of `newer` leaves begins with that of `older`. Empty when the two
// are equal or `older` is 0.
[[nodiscard]] Result<Proof> consistency_proof(std::int64_t older, std::int64_t newer,
                                              const ReadNode& read);

// kInvalidData when the proof does not show that `leaf` is the leaf `index` of the tree of `size`
// leaves with this root.
[[nodiscard]] Status verify_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf,
                                      const Digest& root, std::span<const Digest> proof);

// A tree at one size.
struct TreeHead {
  std::int64_t size = 0;
  Digest root;
  bool operator==(const TreeHead&) const = default;
};
// kInvalidData when the proof does not show that `newer` begins with everything that `older` had.
[[nodiscard]] Status verify_consistency(const TreeHead& older, const TreeHead& newer,
                                        std::span<const Digest> proof);

}  // namespace assay::evidence
