#include "agent/scan/scan.h"

#include <gtest/gtest.h>

#include "agent/probes/probe.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

MemoryHost image(std::map<std::string, std::string, std::less<>> files) {
  MemoryHost host;
  host.live = false;
  host.files = std::move(files);
  return host;
}

TEST(ScanTest, WhereNoSystemIsNoTableLooksEmpty) {
  auto host = image({{"/photos/a.jpg", "x"}});
  const auto all = scan(host, {.tables = {"certificates_on_disk", "nfs_exports", "sudoers"}});
  ASSERT_EQ(all.tables.size(), 3U);
  for (const auto& table : all.tables) {
    EXPECT_FALSE(table.is_ok()) << table.name;
    EXPECT_TRUE(table.reason.starts_with("not_found: no system is there")) << table.reason;
  }
}

TEST(ScanTest, ASystemOfFewFoldersIsOne) {
  auto host = image({{"/usr/lib/os-release", "ID=x\n"}});
  EXPECT_TRUE(scan(host, {.tables = {"nfs_exports"}}).find("nfs_exports")->is_ok());
  EXPECT_TRUE(collect(host, *find_probe("nfs_exports"), false).is_ok());
}

}  // namespace
}  // namespace assay::agent
