#include "evidence/ledger/merkle.h"

#include <bit>
#include <string>
#include <utility>

namespace assay::evidence {

namespace {

// Leaves from `begin` up to, and without, `end`.
struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// The largest power of two below `size`, which is at least 2.
std::int64_t split_of(std::int64_t size) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - 1)));
}

// The hash over a range as the RFC splits it. Its begin is a multiple of the power of two that
// its size asks for, so that it is made of complete subtrees, each smaller than the one before.
Result<Digest> hash_of(const Range& range, const ReadNode& read) {
  std::vector<Digest> parts;
  for (std::int64_t at = range.begin; at < range.end;) {
    const auto level = std::bit_width(static_cast<std::uint64_t>(range.end - at)) - 1;
    auto part = read({static_cast<int>(level), at >> level});
    if (!part) return part;
    parts.push_back(*part);
    at += std::int64_t{1} << level;
  }
  Digest hash = parts.back();
  for (auto part = parts.rbegin() + 1; part != parts.rend(); ++part) hash = node_hash(*part, hash);
  return hash;
}

Result<Proof> hashes_of(const std::vector<Range>& ranges, const ReadNode& read) {
  Proof proof;
  proof.reserve(ranges.size());
  for (const auto& range : ranges) {
    const auto hash = hash_of(range, read);
    if (!hash) return fail(hash.error());
    proof.push_back(*hash);
  }
  return proof;
}

bool is_size(std::int64_t size) {
  return size >= 0 && size <= kMaxTreeSize;
}

std::unexpected<Error> bad(const char* why) {
  return fail(Code::kInvalidData, std::string("proof: ") + why);
}

}  // namespace

Digest leaf_hash(std::string_view entry) {
  Sha256 hash;
  hash.add(std::string_view("\0", 1));
  hash.add(entry);
  return hash.finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<char, 1 + 2 * kDigestBytes> bytes{1};
  std::copy(left.bytes.begin(), left.bytes.end(), bytes.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(), bytes.begin() + 1 + kDigestBytes);
  return sha256({bytes.data(), bytes.size()});
}

Digest empty_root() {
  return sha256({});
}

Result<Digest> root_of(std::int64_t size, const ReadNode& read) {
  if (!is_size(size)) return bad("no tree has this size");
  return size == 0 ? empty_root() : hash_of({0, size}, read);
}

Result<Proof> inclusion_proof(std::int64_t index, std::int64_t size, const ReadNode& read) {
  if (!is_size(size) || index < 0 || index >= size) return bad("the tree has no such leaf");
  std::vector<Range> siblings;  // from the root down
  for (Range tree{0, size}; tree.end - tree.begin > 1;) {
    const std::int64_t middle = tree.begin + split_of(tree.end - tree.begin);
    if (index < middle) {
      siblings.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      siblings.push_back({tree.begin, middle});
      tree.begin = middle;
    }
  }
  return hashes_of({siblings.rbegin(), siblings.rend()}, read);
}

Result<Proof> consistency_proof(std::int64_t older, std::int64_t newer, const ReadNode& read) {
  if (!is_size(newer) || older < 0 || older > newer) return bad("a tree does not shrink");
  if (older == 0 || older == newer) return Proof();
  std::vector<Range> parts;  // from the root down
  bool is_known = true;      // the whole of `tree` is the older tree, whose root is known
  Range tree{0, newer};
  while (older < tree.end) {
    const std::int64_t middle = tree.begin + split_of(tree.end - tree.begin);
    if (older <= middle) {
      parts.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      parts.push_back({tree.begin, middle});
      tree.begin = middle;
      is_known = false;
    }
  }
  if (!is_known) parts.push_back(tree);
  return hashes_of({parts.rbegin(), parts.rend()}, read);
}

// RFC 9162 §2.1.3.2.
Status verify_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf,
                        const Digest& root, std::span<const Digest> proof) {
  if (!is_size(size) || index < 0 || index >= size) return bad("the tree has no such leaf");
  std::int64_t fn = index;
  std::int64_t sn = size - 1;
  Digest hash = leaf;
  for (const auto& sibling : proof) {
    if (sn == 0) return bad("too long");
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return bad("too short");
  if (hash != root) return bad("it leads to another root");
  return {};
}

// RFC 9162 §2.1.4.2.
Status verify_consistency(const TreeHead& older, const TreeHead& newer,
                          std::span<const Digest> proof) {
  if (!is_size(newer.size) || older.size < 0 || older.size > newer.size)
    return bad("a tree does not shrink");
  if (older.size == 0 && older.root != empty_root()) return bad("a root of an empty tree");
  if (older.size == newer.size && older.root != newer.root)
    return bad("two roots for one size of the tree");
  if (older.size == 0 || older.size == newer.size)
    return proof.empty() ? Status() : bad("too long");
  if (proof.empty()) return bad("too short");
  std::int64_t fn = older.size - 1;
  std::int64_t sn = newer.size - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  // Where the older tree is complete its own root is where the proof begins, and left out.
  const bool is_complete = std::has_single_bit(static_cast<std::uint64_t>(older.size));
  Digest old_hash = is_complete ? older.root : proof.front();
  Digest new_hash = old_hash;
  for (const auto& part : proof.subspan(is_complete ? 0 : 1)) {
    if (sn == 0) return bad("too long");
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = node_hash(part, old_hash);
      new_hash = node_hash(part, new_hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, part);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return bad("too short");
  if (old_hash != older.root) return bad("it leads to another older root");
  if (new_hash != newer.root) return bad("it leads to another newer root");
  return {};
}

}  // namespace assay::evidence
