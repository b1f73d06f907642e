// How a tree is kept: tiles of 256 hashes, as C2SP tlog-tiles lays them out. A tile of level 0
// holds hashes of leaves; one of level n + 1 the roots of full tiles of level n. A full tile never
// changes, and a partial one only grows, so that what a partial tile was is where it begins.
//
// All functions are pure; tiles are read through a function.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/ledger/merkle.h"
#include "evidence/result.h"

namespace assay::evidence {

inline constexpr int kTileWidth = 256;  // hashes
inline constexpr int kTileHeight = 8;   // levels of the tree in one tile
inline constexpr int kMaxTileLevel = 7;

struct TileId {
  int level = 0;
  std::int64_t index = 0;
  auto operator<=>(const TileId&) const = default;
};

// How many hashes the tile has in a tree of `size` leaves: 0 to 256.
[[nodiscard]] int tile_width(const TileId& tile, std::int64_t size);

// A tile as it is asked for: "0/x001/x234/067" is full, "0/x001/x234/067.p/112" has 112 hashes.
struct TilePath {
  TileId tile;
  int width = kTileWidth;
  bool operator==(const TilePath&) const = default;
};
[[nodiscard]] std::string to_text(const TilePath& path);
// "entries/…" in place of a level is level -1: the entries themselves. kInvalidData.
[[nodiscard]] Result<TilePath> tile_path_from(std::string_view text);
inline constexpr int kEntryLevel = -1;

// The tile's hashes, 32 bytes each, at least as many as asked for. May hold more.
using ReadTile = std::function<Result<std::string>(const TileId& tile, int width)>;

// Finds subtrees of the tree of `size` leaves in its tiles. A tile that was read is kept, with
// all that was hashed of it. kInvalidData when a tile is shorter than it must be.
class TileTree {
 public:
  TileTree(std::int64_t size, ReadTile read) : size_(size), read_(std::move(read)) {}

  [[nodiscard]] Result<Digest> node(const TreeNode& node);
  // For the functions of merkle.h; refers to this.
  [[nodiscard]] ReadNode reader() {
    return [this](const TreeNode& wanted) { return node(wanted); };
  }
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  // The hashes of a tile, then those of each level above them as far as they are complete.
  using Pyramid = std::vector<std::vector<Digest>>;
  Result<const Pyramid*> pyramid(const TileId& tile);

  std::int64_t size_;
  ReadTile read_;
  std::map<TileId, Pyramid> tiles_;
};

// The root over a full tile's hashes: kTileWidth of them.
[[nodiscard]] Digest root_of_tile(std::vector<Digest> hashes);

// What a tree becomes when leaves are added.
struct Growth {
  TreeHead head;
  std::map<TileId, std::string> tiles;  // those that changed, each as it is afterwards
};
// kInvalidData when a tile of the tree of `size` leaves is too short, kTooLarge beyond
// kMaxTreeSize.
[[nodiscard]] Result<Growth> grow(std::int64_t size, const std::vector<Digest>& leaves,
                                  const ReadTile& read);

}  // namespace assay::evidence
