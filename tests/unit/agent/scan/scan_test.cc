#include "agent/scan/scan.h"

#include <gtest/gtest.h>

#include "agent/host/live_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

TEST(ScanTest, AnEmptyImageBringsNoTableThatLooksLikeEvidence) {
  const ScratchFolder empty;
  LiveHost host(empty.root());
  const auto seen = scan(host, {});
  EXPECT_GT(seen.tables.size(), 40U);
  for (const auto& table : seen.tables) {
    if (table.name == kCostsTable) continue;
    EXPECT_FALSE(table.is_ok()) << table.name;
    EXPECT_NE(table.reason, "") << table.name;
  }
}

TEST(ScanTest, AWalkersTableSaysTheSameOfAnEmptyImage) {
  const ScratchFolder empty;
  LiveHost host(empty.root());
  const auto reason = scan(host, {}).find("certificates_on_disk")->reason;
  EXPECT_TRUE(reason.starts_with("not_found: no system is there")) << reason;
}

TEST(ScanTest, ASystemOfFewFoldersIsOne) {
  MemoryHost host;
  host.live = false;
  host.files["/usr/lib/os-release"] = "ID=x\n";
  EXPECT_TRUE(scan(host, {.tables = {"nfs_exports"}}).find("nfs_exports")->is_ok());
}

TEST(ScanTest, OneWalkFillsTheTablesOfAllWalkers) {
  const ScratchFolder image;
  image.write("etc/os-release", "ID=debian\n");
  image.write("usr/lib/node_modules/left/package.json", R"({"name":"left","version":"1.0.0"})");
  LiveHost host(image.root());
  const auto seen = scan(host, {.tables = {"npm_packages", "python_packages"}});
  ASSERT_TRUE(seen.walk);
  EXPECT_EQ(seen.walk->calls, 1);
  EXPECT_EQ(seen.find("npm_packages")->row_count, 1);
  EXPECT_EQ(seen.find("python_packages")->row_count, 0);
}

TEST(ScanTest, APlaceThatIsTooDeepForAWalkIsARowThatSaysSo) {
  const ScratchFolder image;
  std::string path = "etc/";
  for (int i = 0; i < kMaxWalkDepth + 2; ++i) path += "d/";
  image.write(path + "file", "");
  LiveHost host(image.root());
  const auto seen = scan(host, {.tables = {"npm_packages"}});
  const auto* table = seen.find("npm_packages");
  ASSERT_TRUE(table->is_ok()) << table->reason;
  ASSERT_EQ(table->row_count, 1);
  EXPECT_NE(evidence::to_text(table->rows->at(0, "note")).find("deeper"), std::string::npos);
}

TEST(ScanTest, WhatIsLeftOutSaysSo) {
  const ScratchFolder image;
  image.write("etc/os-release", "ID=debian\n");
  LiveHost host(image.root());
  const auto seen = scan(host, {.daily = std::set<std::string>{}});
  EXPECT_FALSE(seen.walk);
  EXPECT_NE(seen.find("sensitive_files")->reason.find("left out"), std::string::npos);
  EXPECT_TRUE(seen.find("os_version")->is_ok());
}

TEST(ScanTest, OverItsBudgetAProbeHasNoTable) {
  MemoryHost host;
  host.files["/etc/x"] = "x";
  const Probe greedy{.table = "os_version",
                     .collect = [](Host& on) -> Result<evidence::Table> {
                       (void)on.read_file("/etc/x", 10);
                       (void)on.read_file("/etc/x", 10);
                       return evidence::Table(*evidence::find_table("os_version"));
                     },
                     .budget = {.read_bytes = 0}};
  const auto table = collect(host, greedy, false);
  EXPECT_FALSE(table.is_ok());
  EXPECT_TRUE(table.reason.starts_with("too_large: the probe read more")) << table.reason;
}

}  // namespace
}  // namespace assay::agent
