#include "agent/probes/linux/software/rpm/bdb_packages.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"

namespace assay::agent {
namespace {

constexpr std::size_t kPage = 1024;
constexpr char kOverflow = 7;

// Of Berkeley DB's own making; assay-large lies in a chain of pages.
std::string database() {
  return read_fixture("rpm_bdb/var/lib/rpm/Packages");
}

std::vector<std::string> names(std::string_view bytes) {
  MemoryBytes file(bytes);
  auto found = names_of([&](const HeaderVisitor& visit) { return visit_bdb_headers(file, visit); });
  std::ranges::sort(found);
  return found;
}

// Where the `index`th page of a chain begins.
std::size_t overflow_page(const std::string& bytes, std::size_t index) {
  for (std::size_t at = kPage; at < bytes.size(); at += kPage)
    if (bytes[at + 25] == kOverflow && index-- == 0) return at;
  ADD_FAILURE() << "no such page";
  return 0;
}

bool fails_after(std::size_t at, std::string_view to) {
  const auto found = names(database().replace(at, to.size(), to));
  return found.size() == 1 && found[0].starts_with("failed");
}

TEST(BdbPackagesTest, ReadsPackagesOnPagesAndInChains) {
  EXPECT_EQ(names(database()),
            (std::vector<std::string>{"assay-large", "assay-tiny", "gpg-pubkey"}));
}

TEST(BdbPackagesTest, EveryCutIsAnError) {
  const auto bytes = database();
  for (std::size_t length = 0; length < bytes.size(); length += 97)
    EXPECT_TRUE(names(std::string_view(bytes).substr(0, length)).at(0).starts_with("failed"))
        << length;
}

TEST(BdbPackagesTest, AChainThatRunsInACircleEnds) {
  const auto bytes = database();
  const auto page = overflow_page(bytes, 1);
  EXPECT_TRUE(fails_after(page + 16, bytes.substr(page + 8, 4)));
}

TEST(BdbPackagesTest, AChainThatLeadsOutOfTheFileIsAnError) {
  const auto page = overflow_page(database(), 0);
  EXPECT_TRUE(fails_after(page + 16, little_32(0xffffffff)));
  EXPECT_TRUE(fails_after(page + 16, little_32(0)));
}

TEST(BdbPackagesTest, APageOfAnotherKindInAChainIsAnError) {
  const auto page = overflow_page(database(), 0);
  EXPECT_TRUE(fails_after(page + 25, "\x0d"));
  EXPECT_TRUE(fails_after(page + 22, "\xff\xff"));
  EXPECT_TRUE(fails_after(page + 22, std::string_view("\0\0", 2)));
  EXPECT_TRUE(fails_after(page + 8, little_32(1)));
}

TEST(BdbPackagesTest, MetadataThatCannotBeIsAnError) {
  EXPECT_TRUE(fails_after(12, "xxxx"));              // magic number
  EXPECT_TRUE(fails_after(16, little_32(7)));        // version
  EXPECT_TRUE(fails_after(20, little_32(0)));        // page size
  EXPECT_TRUE(fails_after(20, little_32(1000)));     // no power of two
  EXPECT_TRUE(fails_after(24, "\1"));                // encrypted
  EXPECT_TRUE(fails_after(32, little_32(100'000)));  // last page
  EXPECT_TRUE(fails_after(72, little_32(100'000)));  // buckets
}

TEST(BdbPackagesTest, ADatabaseOfAnotherKindIsNoHash) {
  EXPECT_EQ(names(std::string(4096, '\0')).at(0),
            "failed: a Berkeley DB hash without its magic number");
}

}  // namespace
}  // namespace assay::agent
