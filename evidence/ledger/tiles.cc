#include "evidence/ledger/tiles.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "evidence/refusal.h"

namespace assay::evidence {

namespace {

constexpr std::size_t kMaxPathBytes = 64;

std::unexpected<Error> no_tile(std::string_view why) {
  return refuse(Code::kInvalidData, {"not the path of a tile: {}", "不是帳本區塊的路徑{}"},
                Text{std::string(why), ""});
}

// Decimal digits without a leading zero.
Result<int> small_number(std::string_view text) {
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_plain = !text.empty() && text.size() <= 3 && text.front() >= '0' &&
                        (text.size() == 1 || text.front() != '0');
  if (!is_plain || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return fail(Code::kInvalidData, "not a number");
  return value;
}

bool is_group(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "x001/x234/067" → 1234067
Result<std::int64_t> tile_index_from(std::string_view text) {
  std::int64_t index = 0;
  bool is_first = true;
  while (true) {
    const auto slash = text.find('/');
    const bool is_last = slash == std::string_view::npos;
    std::string_view group = text.substr(0, slash);
    if (!is_last && !group.starts_with('x')) return no_tile("x is missing");
    if (!is_last) group.remove_prefix(1);
    if (!is_group(group)) return no_tile("groups of three digits");
    if (is_first && !is_last && group == "000") return no_tile("a leading group of zeros");
    if (index > kMaxTreeSize / 1000) return no_tile("too large");
    index = index * 1000 + (group[0] - '0') * 100 + (group[1] - '0') * 10 + (group[2] - '0');
    is_first = false;
    if (is_last) return index;
    text.remove_prefix(slash + 1);
  }
}

Digest digest_at(std::string_view hashes, std::size_t index) {
  Digest digest;
  std::memcpy(digest.bytes.data(), hashes.data() + index * kDigestBytes, kDigestBytes);
  return digest;
}

std::vector<Digest> digests_in(std::string_view hashes, int width) {
  std::vector<Digest> digests;
  digests.reserve(static_cast<std::size_t>(width));
  for (std::size_t i = 0; i < static_cast<std::size_t>(width); ++i)
    digests.push_back(digest_at(hashes, i));
  return digests;
}

std::vector<Digest> level_above(const std::vector<Digest>& level) {
  std::vector<Digest> above;
  above.reserve(level.size() / 2);
  for (std::size_t i = 0; i + 1 < level.size(); i += 2)
    above.push_back(node_hash(level[i], level[i + 1]));
  return above;
}

Result<std::string> read_checked(const ReadTile& read, const TileId& tile, int width) {
  auto hashes = read(tile, width);
  if (hashes && hashes->size() < static_cast<std::size_t>(width) * kDigestBytes)
    return fail(Code::kInvalidData, "tile " + to_text(TilePath{tile}) + ": it is too short");
  if (hashes) hashes->resize(static_cast<std::size_t>(width) * kDigestBytes);
  return hashes;
}

}  // namespace

int tile_width(const TileId& tile, std::int64_t size) {
  const int shift = tile.level * kTileHeight;
  const std::int64_t hashes = shift > 62 ? 0 : size >> shift;
  if (tile.index < 0 || tile.index > hashes / kTileWidth) return 0;
  return static_cast<int>(std::min<std::int64_t>(hashes - tile.index * kTileWidth, kTileWidth));
}

std::string to_text(const TilePath& path) {
  std::string groups;
  std::int64_t index = path.tile.index;
  do {
    const std::string digits = std::to_string(index % 1000);
    const std::string group = std::string(3 - digits.size(), '0') + digits;
    groups = groups.empty() ? group : "x" + group + "/" + groups;
    index /= 1000;
  } while (index > 0);
  const std::string level =
      path.tile.level == kEntryLevel ? "entries" : std::to_string(path.tile.level);
  const std::string suffix = path.width == kTileWidth ? "" : ".p/" + std::to_string(path.width);
  return level + "/" + groups + suffix;
}

Result<TilePath> tile_path_from(std::string_view text) {
  if (text.size() > kMaxPathBytes) return no_tile("too long");
  TilePath path;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return no_tile("no level");
  if (text.substr(0, slash) == "entries") {
    path.tile.level = kEntryLevel;
  } else {
    const auto level = small_number(text.substr(0, slash));
    if (!level || *level > 63) return no_tile("a level from 0 to 63");
    path.tile.level = *level;
  }
  text.remove_prefix(slash + 1);
  if (const auto partial = text.find(".p/"); partial != std::string_view::npos) {
    const auto width = small_number(text.substr(partial + 3));
    if (!width || *width < 1 || *width >= kTileWidth) return no_tile("a width from 1 to 255");
    path.width = *width;
    text = text.substr(0, partial);
  }
  const auto index = tile_index_from(text);
  if (!index) return fail(index.error());
  path.tile.index = *index;
  return path;
}

Result<const TileTree::Pyramid*> TileTree::pyramid(const TileId& tile) {
  const auto found = tiles_.find(tile);
  if (found != tiles_.end()) return &found->second;
  const int width = tile_width(tile, size_);
  if (width == 0) return fail(Code::kInvalidData, "the tree has no such tile");
  const auto hashes = read_checked(read_, tile, width);
  if (!hashes) return fail(hashes.error());
  Pyramid levels{digests_in(*hashes, width)};
  while (levels.back().size() > 1) levels.push_back(level_above(levels.back()));
  return &tiles_.emplace(tile, std::move(levels)).first->second;
}

Result<Digest> TileTree::node(const TreeNode& node) {
  const int tile_level = node.level / kTileHeight;
  const int rest = node.level % kTileHeight;
  const std::int64_t per_tile = std::int64_t{kTileWidth} >> rest;
  const auto levels = pyramid({tile_level, node.index / per_tile});
  if (!levels) return fail(levels.error());
  const auto at = static_cast<std::size_t>(node.index % per_tile);
  const auto level = static_cast<std::size_t>(rest);
  if (level >= (*levels)->size() || at >= (**levels)[level].size())
    return fail(Code::kInvalidData, "the tree has no such subtree");
  return (**levels)[level][at];
}

Digest root_of_tile(std::vector<Digest> hashes) {
  while (hashes.size() > 1) hashes = level_above(hashes);
  return hashes.front();
}

Result<Growth> grow(std::int64_t size, const std::vector<Digest>& leaves, const ReadTile& read) {
  if (size < 0 || size > kMaxTreeSize - static_cast<std::int64_t>(leaves.size()))
    return fail(Code::kTooLarge, "the tree cannot grow further");
  Growth growth;
  growth.head.size = size + static_cast<std::int64_t>(leaves.size());
  std::vector<Digest> added = leaves;
  for (int level = 0; !added.empty() && level <= kMaxTileLevel; ++level) {
    std::vector<Digest> full;  // the roots of tiles that became full
    std::int64_t at = size >> (level * kTileHeight);
    std::string* hashes = nullptr;
    for (const auto& digest : added) {
      const TileId tile{level, at / kTileWidth};
      if (hashes == nullptr) {
        hashes = &growth.tiles[tile];
        if (const auto width = static_cast<int>(at % kTileWidth); width > 0) {
          auto there = read_checked(read, tile, width);
          if (!there) return fail(there.error());
          *hashes = std::move(*there);
        }
      }
      hashes->append(digest.raw());
      if (++at % kTileWidth != 0) continue;
      full.push_back(root_of_tile(digests_in(*hashes, kTileWidth)));
      hashes = nullptr;
    }
    added = std::move(full);
  }
  TileTree tree(growth.head.size, [&](const TileId& tile, int width) -> Result<std::string> {
    const auto changed = growth.tiles.find(tile);
    return changed == growth.tiles.end() ? read(tile, width) : changed->second;
  });
  const auto root = root_of(growth.head.size, tree.reader());
  if (!root) return fail(root.error());
  growth.head.root = *root;
  return growth;
}

}  // namespace assay::evidence
