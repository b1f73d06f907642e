#include "evidence/tar.h"

#include <gtest/gtest.h>

#include "evidence/limits.h"

namespace assay::evidence {
namespace {

constexpr std::size_t kBlock = 512;

std::string archive() {
  const std::vector<TarMember> members{{"a", ""}, {"b/c.txt", "hello"}};
  return write_tar(members).value();
}

Status names(std::vector<std::string_view> names) {
  std::vector<TarMember> members;
  for (const auto name : names) members.push_back({name, "x"});
  const auto written = write_tar(members);
  return written ? Status() : Status(fail(written.error()));
}

// The archive with `value` at `at`, and the first header's checksum made right again.
std::string with(std::size_t at, std::string_view value) {
  std::string bytes = archive();
  bytes.replace(at, value.size(), value);
  bytes.replace(148, 8, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += static_cast<unsigned char>(bytes[i]);
  for (std::size_t i = 6; i > 0; --i, sum /= 8) bytes[147 + i] = static_cast<char>('0' + sum % 8);
  bytes[154] = '\0';
  return bytes;
}

TEST(Tar, ReadsWhatItWrote) {
  const std::string bytes = archive();
  const std::vector<TarMember> expected{{"a", ""}, {"b/c.txt", "hello"}};
  EXPECT_EQ(read_tar(bytes).value(), expected);
  EXPECT_EQ(bytes.size(), 5 * kBlock);
}

TEST(Tar, AnEmptyArchiveIsTwoZeroBlocks) {
  EXPECT_EQ(write_tar({}).value(), std::string(2 * kBlock, '\0'));
  EXPECT_TRUE(read_tar(std::string(2 * kBlock, '\0'))->empty());
}

TEST(Tar, RefusesNamesThatLeadElsewhere) {
  for (const char* name : {"", "/a", "a/", "a//b", "..", "../a", "a/../b", "./a", "a/.", "a b",
                           "a\\b", "a\nb", "資安"})
    EXPECT_FALSE(names({name})) << name;
  EXPECT_TRUE(names({std::string(99, 'x')}));
  EXPECT_FALSE(names({std::string(100, 'x')}));
}

TEST(Tar, RefusesNamesOutOfOrderOrTwice) {
  EXPECT_TRUE(names({"a", "b"}));
  EXPECT_FALSE(names({"b", "a"}));
  EXPECT_FALSE(names({"a", "a"}));
}

TEST(Tar, RefusesAnythingButRegularFiles) {
  ASSERT_TRUE(read_tar(with(156, "0")));  // the checksum helper is right
  for (const char type : {'1', '2', '3', '5', '6', 'L', 'x', 'g', '\0'})
    EXPECT_FALSE(read_tar(with(156, std::string_view(&type, 1)))) << type;
}

TEST(Tar, RefusesOtherOwnersModesTimesAndLinkNames) {
  for (const std::size_t at : {100U, 108U, 116U, 136U, 157U, 257U, 263U, 265U, 297U, 329U, 345U})
    EXPECT_FALSE(read_tar(with(at, "7"))) << at;
}

TEST(Tar, FindsEveryAlteredByte) {
  const std::string bytes = archive();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ 4);
    const bool is_content = i >= 2 * kBlock && i < 2 * kBlock + 5;  // its digest's business
    EXPECT_EQ(read_tar(altered).has_value(), is_content) << i;
  }
}

TEST(Tar, RefusesToBeCutOrContinued) {
  const std::string bytes = archive();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_tar(bytes.substr(0, size))) << size;
  EXPECT_FALSE(read_tar(bytes + std::string(kBlock, '\0')));
  EXPECT_FALSE(read_tar(bytes + archive()));
}

TEST(Tar, RefusesASizeBeyondTheArchiveOrTheLimit) {
  EXPECT_FALSE(read_tar(with(124, "00000777777")));
  EXPECT_FALSE(read_tar(with(124, "77777777777")));
  EXPECT_FALSE(read_tar(with(124, "        1  ")));
  const std::string huge(kMaxTableBytes + 1, 'x');
  EXPECT_EQ(write_tar(std::vector<TarMember>{{"a", huge}}).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::evidence
