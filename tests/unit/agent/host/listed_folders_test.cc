#include "agent/host/listed_folders.h"

#include <gtest/gtest.h>

#include "agent/host/live_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

using Names = std::vector<std::string>;
constexpr evidence::Seconds kNow{std::chrono::seconds(1'000)};

FileStatus folder(std::int64_t changed = 500, std::uint64_t size = 4096) {
  const auto changed_ns = changed * 1'000'000'000 + 7;
  return {.kind = FileKind::kDirectory,
          .size_bytes = size,
          .device = 1,
          .inode = 2,
          .modified_ns = changed_ns,
          .changed_ns = changed_ns};
}

TEST(ListedFolders, AFolderIsKnownWhileItsStatusIsTheSame) {
  ListedFolders listed;
  EXPECT_EQ(listed.find(folder()), nullptr);
  listed.add(folder(), {"a", "b"}, kNow);
  ASSERT_NE(listed.find(folder()), nullptr);
  EXPECT_EQ(*listed.find(folder()), (Names{"a", "b"}));
  EXPECT_EQ(listed.find(folder(501)), nullptr);
  auto other = folder();
  ++other.inode;
  EXPECT_EQ(listed.find(other), nullptr);
  auto renamed_into = folder();
  ++renamed_into.modified_ns;
  EXPECT_EQ(listed.find(renamed_into), nullptr);
  listed.clear();
  EXPECT_EQ(listed.find(folder()), nullptr);
}

TEST(ListedFolders, WhatJustChangedAndWhatTheKernelMakesUpAreNotKept) {
  ListedFolders listed;
  listed.add(folder(998), {"a"}, kNow);
  EXPECT_EQ(listed.find(folder(998)), nullptr);
  listed.add(folder(2'000), {"a"}, kNow);
  EXPECT_EQ(listed.find(folder(2'000)), nullptr) << "the clock was set back";
  listed.add(folder(997), {"a"}, kNow);
  EXPECT_NE(listed.find(folder(997)), nullptr);
  listed.add(folder(500, 0), {"a"}, kNow);
  EXPECT_EQ(listed.find(folder(500, 0)), nullptr);
}

TEST(ListedFolders, IsBounded) {
  ListedFolders listed;
  listed.add(folder(), Names(1'001, "a"), kNow);
  EXPECT_EQ(listed.find(folder()), nullptr);
  for (std::int64_t i = 0; i < 600; ++i) listed.add(folder(i), {"a"}, kNow);
  EXPECT_NE(listed.find(folder(0)), nullptr);
  EXPECT_EQ(listed.find(folder(599)), nullptr);
}

TEST(ListedFolders, AHostSeesAChangeWithinAScan) {
  const ScratchFolder scratch;
  scratch.write("etc/one", "");
  LiveHost host(scratch.root());
  host.start_scan();
  EXPECT_EQ(host.list_directory("/etc", 9).value(), (Names{"one"}));
  scratch.write("etc/two", "");
  EXPECT_EQ(host.list_directory("/etc", 9).value(), (Names{"one", "two"}));
  EXPECT_EQ(host.list_directory("/etc", 1).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
