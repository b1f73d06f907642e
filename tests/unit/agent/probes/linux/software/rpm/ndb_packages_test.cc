#include "agent/probes/linux/software/rpm/ndb_packages.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"

namespace assay::agent {
namespace {

constexpr const char* kFixture = "rpm_ndb/usr/lib/sysimage/rpm/Packages.db";

std::vector<std::string> names(std::string_view bytes) {
  MemoryBytes file(bytes);
  return names_of([&](const HeaderVisitor& visit) { return visit_ndb_headers(file, visit); });
}

// A database of `count` packages whose slots need as many pages as that takes.
std::string database(std::uint32_t count) {
  const std::uint32_t pages = (count + 2 + 255) / 256;
  const auto header = named_header("a").bytes();
  const auto blocks = static_cast<std::uint32_t>((16 + header.size() + 12 + 15) / 16);
  const auto length = little_32(static_cast<std::uint32_t>(header.size()));
  std::string slots;
  std::string data;
  for (std::uint32_t i = 0; i < pages * 256 - 2; ++i) {
    if (i >= count) {
      slots += "Slot" + std::string(12, '\0');
      continue;
    }
    slots += "Slot" + little_32(i + 1) + little_32(pages * 256 + i * blocks) + little_32(blocks);
    std::string body = "BlbS" + little_32(i + 1) + little_32(0) + length + header;
    body.resize(blocks * 16 - 12, '\0');
    data += body + little_32(0) + length + "BlbE";
  }
  return "RpmP" + little_32(0) + little_32(1) + little_32(pages) + little_32(count + 1) +
         std::string(12, '\0') + slots + data;
}

std::string changed(std::string bytes, std::size_t at, std::string_view to) {
  return bytes.replace(at, to.size(), to);
}

TEST(NdbPackagesTest, ReadsWhatRpmWroteWithoutThePackageItRemoved) {
  auto found = names(read_fixture(kFixture));
  std::ranges::sort(found);
  EXPECT_EQ(found, (std::vector<std::string>{"assay-large", "assay-tiny", "gpg-pubkey"}));
}

TEST(NdbPackagesTest, ReadsTheSlotsOfAllPages) {
  for (const std::uint32_t count : {0U, 1U, 254U, 255U, 800U})
    EXPECT_EQ(names(database(count)).size(), count);
}

TEST(NdbPackagesTest, EveryCutIsAnError) {
  const auto bytes = read_fixture(kFixture);
  for (std::size_t length = 0; length < bytes.size(); length += 7)
    EXPECT_TRUE(names(std::string_view(bytes).substr(0, length)).at(0).starts_with("failed"))
        << length;
}

TEST(NdbPackagesTest, ADatabaseOfAnotherVersionIsNotGuessedAt) {
  EXPECT_EQ(names(changed(database(1), 4, "\1")).at(0), "failed: an ndb database of version 1");
}

struct BadCase {
  std::size_t at;
  std::string to;
  const char* message;
};
class BadNdbTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadNdbTest, IsAnError) {
  const auto& [at, to, message] = GetParam();
  EXPECT_EQ(names(changed(database(2), at, to)),
            std::vector<std::string>{std::string("failed: an ndb database ") + message});
}

constexpr std::size_t kFirstSlot = 32;
constexpr std::size_t kFirstBlob = 4096;
INSTANTIATE_TEST_SUITE_P(
    All, BadNdbTest,
    testing::Values(BadCase{0, "x", "without its magic number"},
                    BadCase{12, little_32(0), "shorter than its slots"},
                    BadCase{12, little_32(0xffffffff), "shorter than its slots"},
                    BadCase{kFirstSlot, "x", "with a slot without its magic number"},
                    BadCase{kFirstSlot + 4, little_32(0), "with a slot that is half free"},
                    BadCase{kFirstSlot + 8, little_32(1), "whose packages overlap"},
                    BadCase{kFirstSlot + 8, little_32(0xffffffff), "that is cut short"},
                    BadCase{kFirstSlot + 12, little_32(0xffffffff), "whose packages overlap"},
                    BadCase{kFirstSlot + 12, little_32(1), "with a package of no length"},
                    BadCase{kFirstBlob, "x", "with a slot that leads to no package"},
                    BadCase{kFirstBlob + 4, little_32(9), "with a slot that leads to no package"},
                    BadCase{kFirstBlob + 12, little_32(0xffffffff),
                            "with a slot that leads to no package"}));

}  // namespace
}  // namespace assay::agent
