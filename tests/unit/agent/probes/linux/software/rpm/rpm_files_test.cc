#include "agent/probes/linux/software/rpm/rpm_files.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"

namespace assay::agent {
namespace {

constexpr std::uint32_t kFolderOfName = 1116;
constexpr std::uint32_t kNames = 1117;
constexpr std::uint32_t kFolders = 1118;

using Paths = std::vector<std::string>;

HeaderBytes with_files(std::uint32_t folder_of_second = 1) {
  auto header = named_header("a");
  header.entry(kFolderOfName, 4, 2, big_32(0) + big_32(folder_of_second));
  header.entry(kNames, 8, 2, std::string("ls\0sshd\0", 8));
  header.entry(kFolders, 8, 2, std::string("/usr/bin/\0/usr/sbin/\0", 21));
  return header;
}

Result<Paths> files_of(const std::string& bytes) {
  MemoryBytes header(bytes);
  Paths paths;
  auto visited = visit_rpm_files(header, [&](std::string_view path) { paths.emplace_back(path); });
  if (!visited) return fail(std::move(visited.error()));
  return paths;
}

TEST(RpmFilesTest, JoinsNamesWithTheirFolders) {
  EXPECT_EQ(files_of(with_files().bytes()), (Paths{"/usr/bin/ls", "/usr/sbin/sshd"}));
  EXPECT_EQ(files_of(with_files().number(9999, 1).bytes())->size(), 2U);
}

TEST(RpmFilesTest, APackageWithoutFilesHasNone) {
  EXPECT_EQ(files_of(named_header("gpg-pubkey").bytes()), Paths{});
}

TEST(RpmFilesTest, ListsThatContradictEachOtherAreRefused) {
  EXPECT_EQ(files_of(with_files(2).bytes()).error().code(), Code::kInvalidData);
  auto lonely = named_header("a");
  lonely.entry(kNames, 8, 1, std::string("ls\0", 3));
  EXPECT_EQ(files_of(lonely.bytes()).error().code(), Code::kInvalidData);
  auto wrong = with_files();
  wrong.entry(kNames, 4, 2, big_32(1) + big_32(2));
  EXPECT_EQ(files_of(wrong.bytes()).error().code(), Code::kInvalidData);
}

TEST(RpmFilesTest, TextWithoutAnEndIsRefused) {
  auto header = named_header("a");
  header.entry(kFolderOfName, 4, 1, big_32(0)).entry(kFolders, 8, 1, std::string("/\0", 2));
  header.entry(kNames, 8, 1, "ls");
  EXPECT_EQ(files_of(header.bytes()).error().code(), Code::kInvalidData);
}

TEST(RpmFilesTest, EveryTruncationIsRefused) {
  const auto bytes = with_files().bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(files_of(bytes.substr(0, size))) << size;
}

}  // namespace
}  // namespace assay::agent
