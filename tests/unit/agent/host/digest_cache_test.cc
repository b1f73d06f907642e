#include "agent/host/digest_cache.h"

#include <gtest/gtest.h>

#include "agent/host/live_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr FileStatus kOld{
    .size_bytes = 3, .device = 1, .inode = 2, .modified_ns = 5, .changed_ns = 6};
const evidence::Seconds kNow{std::chrono::seconds(1'000'000)};
const evidence::Digest kDigest = evidence::sha256("abc");

TEST(DigestCacheTest, FindsWhatHasNotChanged) {
  DigestCache cache;
  cache.add(kOld, kDigest, kNow);
  EXPECT_EQ(cache.find(kOld), kDigest);
}

TEST(DigestCacheTest, AnotherTimeOrSizeIsAnotherFile) {
  DigestCache cache;
  cache.add(kOld, kDigest, kNow);
  auto changed = kOld;
  changed.changed_ns += 1;
  EXPECT_FALSE(cache.find(changed));
  changed = kOld;
  changed.size_bytes += 1;
  EXPECT_FALSE(cache.find(changed));
}

TEST(DigestCacheTest, DoesNotTrustAFileThatChangedAMomentAgo) {
  DigestCache cache;
  auto fresh = kOld;
  fresh.changed_ns = std::chrono::nanoseconds(kNow.time_since_epoch()).count() - 1;
  cache.add(fresh, kDigest, kNow);
  EXPECT_FALSE(cache.find(fresh));
}

TEST(DigestCacheTest, SurvivesAsTextAndForgetsWhatNobodyAskedFor) {
  DigestCache cache;
  cache.add(kOld, kDigest, kNow);
  auto again = DigestCache::from_text(cache.to_text());
  EXPECT_EQ(DigestCache::from_text(again.to_text()).find(kOld), std::nullopt);
  again = DigestCache::from_text(cache.to_text());
  EXPECT_EQ(again.find(kOld), kDigest);
  EXPECT_EQ(again.to_text(), cache.to_text());
}

TEST(DigestCacheTest, LeavesOutLinesThatDoNotParse) {
  auto cache = DigestCache::from_text("1 2 x\n\n1 2 3 4 5 beef\n99999999999999999999 1 1 1 1 aa\n");
  EXPECT_EQ(cache.to_text(), "");
}

TEST(DigestCacheTest, AHostDoesNotReadAnUnchangedFileTwice) {
  const ScratchFolder folder;
  folder.write("program", "first");
  std::filesystem::last_write_time(
      folder.path() / "program",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  LiveHost host(folder.root());
  DigestCache cache;
  host.use_digest_cache(&cache);
  EXPECT_EQ(host.sha256_of("/program", 100), evidence::sha256("first"));
  folder.write("program", "other");
  EXPECT_EQ(host.sha256_of("/program", 100), evidence::sha256("other"));
  EXPECT_EQ(host.sha256_of("/program", 4).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
