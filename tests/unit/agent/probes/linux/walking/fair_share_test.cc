#include "agent/probes/linux/walking/fair_share.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

constexpr std::size_t kMost = 10;

// "folder|note without its fixed beginning" of each share that was given up.
std::string given_up(const FairShare& shares) {
  std::string all;
  for (const auto& [path, note] : shares.closed()) {
    EXPECT_TRUE(note.starts_with("not looked at: files"));
    all += path + "|" + note.substr(20, note.find(',') - 20) + "\n";
  }
  return all;
}

TEST(FairShareTest, BelowTheLimitEverythingIsKept) {
  FairShare shares("files", kMost, 1000);
  for (std::size_t i = 0; i < kMost; ++i) EXPECT_TRUE(shares.admit("/a/b/c", 0));
  EXPECT_FALSE(shares.has_just_closed());
  EXPECT_EQ(given_up(shares), "");
}

TEST(FairShareTest, TheLargestShareOfAnAccountIsGivenUp) {
  FairShare shares("files", kMost, 10'000);
  EXPECT_TRUE(shares.admit("/home/amy/key", 1000));
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_TRUE(shares.admit("/tmp/" + std::to_string(i) + "/key", 1001));
  EXPECT_FALSE(shares.admit("/tmp/x/key", 1001));
  EXPECT_TRUE(shares.has_just_closed());
  EXPECT_FALSE(shares.has_just_closed());
  EXPECT_TRUE(shares.is_closed("/tmp/3/key", 1001));
  EXPECT_FALSE(shares.is_closed("/home/amy/key", 1000));
  EXPECT_FALSE(shares.admit("/var/tmp/key", 1001));
  EXPECT_TRUE(shares.admit("/etc/ssl/key", 0));
  EXPECT_EQ(given_up(shares), "/| of uid 1001\n");
}

TEST(FairShareTest, FilesOfRootAreGivenUpLast) {
  FairShare shares("files", kMost, 10'000);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_TRUE(shares.admit("/etc/ssl/key", 0));
  EXPECT_TRUE(shares.admit("/home/eve/key", 1001));
  EXPECT_TRUE(shares.admit("/etc/ssl/key", 0));
  EXPECT_TRUE(shares.is_closed("/home/eve/key", 1001));
  EXPECT_EQ(given_up(shares), "/home/eve| of uid 1001\n");
}

TEST(FairShareTest, OfRootOnePartOfTheTreeIsGivenUp) {
  FairShare shares("files", kMost, 10'000);
  EXPECT_TRUE(shares.admit("/etc/ssl/key", 0));
  for (std::size_t i = 0; i < kMost; ++i) (void)shares.admit("/srv/x/many/key", 0);
  EXPECT_TRUE(shares.admit("/etc/ssh/key", 0));
  EXPECT_EQ(given_up(shares), "/srv/x/many|\n");
}

TEST(FairShareTest, ARangeOfNumbersIsOneAccount) {
  FairShare shares("files", kMost, 10'000);
  EXPECT_TRUE(shares.admit("/home/amy/key", 1000));
  EXPECT_TRUE(shares.admit("/home/amy/key2", 1000));
  for (std::uint32_t i = 0; i < 20; ++i) (void)shares.admit("/home/eve/c/key", 140'000 + i);
  EXPECT_FALSE(shares.is_closed("/home/amy/key", 1000));
  EXPECT_EQ(given_up(shares), "/home/eve/c| of uids from 131072\n");
}

TEST(FairShareTest, LongPathsCountForMore) {
  FairShare shares("files", 1000, 1000);
  const auto path = "/tmp/" + std::string(600, 'x');
  EXPECT_TRUE(shares.admit("/etc/a/key", 0));
  EXPECT_TRUE(shares.admit(path, 1001));
  EXPECT_FALSE(shares.admit(path, 1001));
  EXPECT_EQ(given_up(shares), "/tmp| of uid 1001\n");
}

TEST(UnseenPlacesTest, DeepFoldersAreSaid) {
  EXPECT_TRUE(unseen_places({.entries = 1}).empty());
  const auto places =
      unseen_places({.entries = 1, .too_deep = {"/tmp/x"}, .has_more_too_deep = true});
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0], (UnseenPlace{"/tmp/x",
                                    "not looked at: folders below lie deeper than 128 levels"}));
  EXPECT_EQ(places[1].path, "/");
}

}  // namespace
}  // namespace assay::agent
