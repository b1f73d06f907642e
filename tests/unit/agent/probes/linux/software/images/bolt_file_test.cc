#include "agent/probes/linux/software/images/bolt_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "agent/probes/linux/software/images/containerd_images.h"
#include "tests/unit/source_file.h"

namespace assay::agent {
namespace {

constexpr std::size_t kPage = 4096;

// Of containerd's own making.
std::string database() {
  std::ifstream file(source_file("tests/fixtures/hosts/images/var/lib/containerd/"
                                 "io.containerd.metadata.v1.bolt/meta.db"),
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t image_count(std::string_view bytes) {
  MemoryBytes file(bytes);
  const auto images = read_containerd_images(file);
  return images ? images->size() : 0;
}

TEST(BoltFileTest, ReadsWhatContainerdWrote) {
  EXPECT_EQ(image_count(database()), 4U);
}

TEST(BoltFileTest, OneTornMetadataPageLeavesTheOther) {
  for (const std::size_t torn : {std::size_t{0}, kPage}) {
    auto bytes = database();
    bytes[torn + 20] = 'x';
    MemoryBytes file(bytes);
    EXPECT_TRUE(BoltFile::open(file).has_value()) << torn;
  }
}

TEST(BoltFileTest, WithoutMetadataItIsNoDatabase) {
  auto bytes = database();
  bytes[20] = bytes[kPage + 20] = 'x';
  MemoryBytes file(bytes);
  EXPECT_EQ(BoltFile::open(file).error().code(), Code::kInvalidData);
}

// Every page is read once, and an image takes more than its page's header of 16 bytes.
TEST(BoltFileTest, ChangedBytesEndTheReadingWithinItsBounds) {
  const auto bytes = database();
  const auto most_images = bytes.size() / 16;
  for (std::size_t at = 2 * kPage; at < bytes.size(); at += 13) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0xff);
    MemoryBytes file(changed);
    const auto images = read_containerd_images(file);
    const auto code = images ? Code::kInvalidData : images.error().code();
    EXPECT_TRUE(code == Code::kInvalidData || code == Code::kTooLarge) << at;
    EXPECT_LE(images ? images->size() : 0, most_images) << at;
  }
}

TEST(BoltFileTest, ACutFileIsAnErrorOrLostNothing) {
  const auto bytes = database();
  for (std::size_t length = 0; length < bytes.size(); length += kPage / 2) {
    const auto count = image_count(std::string_view(bytes).substr(0, length));
    EXPECT_TRUE(count == 0 || count == 4U) << length;
  }
}

}  // namespace
}  // namespace assay::agent
