// The tree in tiles, beside the tree by its definition.
#include "evidence/ledger/tiles.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "evidence/ledger/tree_builder.h"
#include "tests/unit/evidence/ledger/trees.h"

namespace assay::evidence {
namespace {

TEST(Tiles, ATreeThatGrowsInLotsHasTheRootOfItsLeaves) {
  const auto leaves = numbered_leaves(700);
  for (const std::size_t lot : {std::size_t{1}, std::size_t{3}, std::size_t{255}, std::size_t{256},
                                std::size_t{257}, std::size_t{700}}) {
    TiledTree tree;
    for (std::size_t at = 0; at < leaves.size(); at += lot) {
      const auto end = std::min(at + lot, leaves.size());
      const auto head = tree.add({leaves.begin() + static_cast<std::ptrdiff_t>(at),
                                  leaves.begin() + static_cast<std::ptrdiff_t>(end)});
      ASSERT_EQ(head.root, plain_root(leaves, 0, end)) << lot << " at " << end;
    }
  }
}

TEST(Tiles, ATreeThatIsBuiltLeafByLeafHasTheSameRootsAndTiles) {
  const auto leaves = numbered_leaves(66'000);  // three levels
  TiledTree tree;
  tree.add(leaves);
  std::map<TileId, std::string> tiles;
  TreeBuilder builder([&](const TileId& tile, const std::vector<Digest>& hashes) -> Status {
    auto& bytes = tiles[tile];
    for (const auto& hash : hashes) bytes += hash.raw();
    return {};
  });
  EXPECT_EQ(builder.root().value(), empty_root());
  TileTree whole(tree.size(), tree.reader());
  for (const auto& leaf : leaves) {
    ASSERT_TRUE(builder.add(leaf));
    const auto size = builder.size();
    if (size > 600 && size % 997 != 0 && size % 65'536 > 1) continue;
    ASSERT_EQ(builder.root().value(), root_of(size, whole.reader()).value()) << size;
  }
  ASSERT_TRUE(builder.finish());
  EXPECT_EQ(tiles, tree.tiles);
}

TEST(Tiles, TheSameTreeIsTheSameTilesInWhateverLotsItGrew) {
  const auto leaves = numbered_leaves(513);
  TiledTree at_once;
  at_once.add(leaves);
  TiledTree one_by_one;
  for (const auto& leaf : leaves) one_by_one.add({leaf});
  EXPECT_EQ(at_once.tiles, one_by_one.tiles);
}

// The example of tlog-tiles: 70,000 leaves.
TEST(Tiles, HaveTheWidthsOfTheSpecificationsExample) {
  EXPECT_EQ(tile_width({0, 272}, 70'000), 256);
  EXPECT_EQ(tile_width({0, 273}, 70'000), 112);
  EXPECT_EQ(tile_width({0, 274}, 70'000), 0);
  EXPECT_EQ(tile_width({1, 0}, 70'000), 256);
  EXPECT_EQ(tile_width({1, 1}, 70'000), 17);
  EXPECT_EQ(tile_width({2, 0}, 70'000), 1);
  EXPECT_EQ(tile_width({1, 0}, 256), 1);
  EXPECT_EQ(tile_width({1, 0}, 255), 0);
  EXPECT_EQ(tile_width({63, kMaxTreeSize}, kMaxTreeSize), 0);
}

TEST(Tiles, AreStoredInTheWidthsThatTheyHave) {
  TiledTree tree;
  tree.add(numbered_leaves(70'000));
  std::size_t hashes = 0;
  for (const auto& [id, bytes] : tree.tiles) {
    EXPECT_EQ(bytes.size(), static_cast<std::size_t>(tile_width(id, 70'000)) * kDigestBytes);
    hashes += bytes.size() / kDigestBytes;
  }
  EXPECT_EQ(hashes, 70'000U + 273U + 1U);
  EXPECT_EQ(tree.tiles.size(), 274U + 2U + 1U);
}

TEST(Tiles, ProofsOfATallTreeAreMadeFromAHandfulOfTiles) {
  TiledTree tiles;
  const auto leaves = numbered_leaves(70'000);
  const auto before = tiles.add({leaves.begin(), leaves.begin() + 12'345});
  const auto head = tiles.add({leaves.begin() + 12'345, leaves.end()});
  int reads = 0;
  TileTree tree(head.size, [&](const TileId& id, int width) {
    ++reads;
    return tiles.reader()(id, width);
  });
  const auto proof = inclusion_proof(40'000, head.size, tree.reader()).value();
  EXPECT_TRUE(verify_inclusion(40'000, head.size, leaves[40'000], head.root, proof));
  EXPECT_LE(reads, 6);
  const auto consistency = consistency_proof(before.size, head.size, tree.reader()).value();
  EXPECT_TRUE(verify_consistency(before, head, consistency));
}

TEST(Tiles, ATileThatIsMissingOrShortIsAnError) {
  TiledTree tiles;
  tiles.add(numbered_leaves(300));
  tiles.tiles[{0, 1}].resize(43 * kDigestBytes);
  TileTree tree(300, tiles.reader());
  EXPECT_FALSE(root_of(300, tree.reader()));
  EXPECT_FALSE(grow(300, numbered_leaves(1), tiles.reader()));
  tiles.tiles.erase({1, 0});
  TileTree missing(256, tiles.reader());
  EXPECT_FALSE(root_of(256, missing.reader()));
}

TEST(Tiles, PathsAreThoseOfTheSpecification) {
  EXPECT_EQ(to_text(TilePath{{0, 1234067}, 256}), "0/x001/x234/067");
  EXPECT_EQ(to_text(TilePath{{0, 273}, 112}), "0/273.p/112");
  EXPECT_EQ(to_text(TilePath{{kEntryLevel, 5}, 256}), "entries/005");
  for (const auto* text : {"0/000", "1/x001/000", "entries/x999/x999/999.p/1", "63/255.p/255"}) {
    const auto path = tile_path_from(text);
    ASSERT_TRUE(path) << text;
    EXPECT_EQ(to_text(*path), text);
  }
}

TEST(Tiles, RefusesPathsOfNoTile) {
  for (const auto* text : {"",
                           "0",
                           "0/",
                           "/000",
                           "0/1",
                           "0/0000",
                           "0/x000/001",
                           "00/001",
                           "64/001",
                           "-1/001",
                           "0/abc",
                           "0/001/",
                           "0/x001",
                           "0/001/002",
                           "0/001.p/0",
                           "0/001.p/256",
                           "0/001.p/01",
                           "0/001.p/",
                           "0/001.p",
                           "entry/001",
                           "0/x001/x001/x001/x001/x001/x001/x001/001",
                           "0/ 01",
                           "0/+01",
                           "0/001.p/1.p/1"})
    EXPECT_FALSE(tile_path_from(text)) << text;
}

}  // namespace
}  // namespace assay::evidence
