#include "agent/probes/linux/updates/apk/apk_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/agent/probes/linux/updates/apk/index_archive.h"

namespace assay::agent {
namespace {

constexpr const char* kTwo =
    "C:Q1aa=\nP:musl\nV:1.2.5-r1\nA:x86_64\nT:the C library\n\nC:Q1bb=\nP:zlib\nV:1.3-r0\n\n";

// "name version" of each package, or why there are none.
std::string packages(const std::string& archive, std::size_t piece = 100'000) {
  std::string all;
  ApkIndexScanner scanner([&](const IndexedApk& package) {
    all.append(package.name).append(" ").append(package.version).append("\n");
  });
  for (std::size_t at = 0; at < archive.size(); at += piece)
    if (const auto fed = scanner.feed(std::string_view(archive).substr(at, piece)); !fed)
      return fed.error().message();
  if (const auto finished = scanner.finish(); !finished) return finished.error().message();
  return all;
}

TEST(ApkIndexTest, ListsPackagesHoweverItIsCutIntoPieces) {
  for (const std::size_t piece : std::vector<std::size_t>{1, 7, 511, 512, 513, 100'000})
    EXPECT_EQ(packages(index_archive(kTwo), piece), "musl 1.2.5-r1\nzlib 1.3-r0\n") << piece;
}

TEST(ApkIndexTest, WhatIsCutShortIsAnError) {
  const auto archive = tar_member("APKINDEX", std::string(kTwo) + std::string(600, '\n'));
  for (std::size_t length = 1; length < 512 + 600; length += 37)
    EXPECT_TRUE(packages(archive.substr(0, length)).starts_with("no index of apk's: ")) << length;
}

TEST(ApkIndexTest, SomethingElseIsAnError) {
  EXPECT_EQ(packages(""), "no index of apk's: it holds no list of packages");
  EXPECT_EQ(packages(tar_member("x", "y")), "no index of apk's: it holds no list of packages");
  EXPECT_EQ(packages(std::string(600, 'x')), "no index of apk's: no tar archive");
  EXPECT_EQ(packages(tar_member("APKINDEX", "hello\n")),
            "no index of apk's: a line without a field");
  EXPECT_EQ(packages(tar_member("APKINDEX", "P:" + std::string(5000, 'x') + "\n")),
            "no index of apk's: a value that is too long");
  EXPECT_EQ(packages(tar_member("APKINDEX", "p:" + std::string(2'000'000, 'x') + "\n")),
            "no index of apk's: a line that has no end");
  auto archive = tar_member("APKINDEX", kTwo);
  archive.replace(124, 11, "9999999999z");
  EXPECT_EQ(packages(archive), "no index of apk's: a member without a size");
}

}  // namespace
}  // namespace assay::agent
