#include "agent/probes/linux/software/bundles/snap_packages.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/software/bundles/snap_state.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(SnapPackagesTest, HasARowForEachRevisionThatIsKept) {
  auto host = fixture_host("bundles");
  const auto table = good(collect_snap_packages(host));
  ASSERT_EQ(table.rows().size(), 4U);
  EXPECT_EQ(row(table, 1, {"name", "version", "revision", "type", "current", "active", "path"}),
            "core22|20240904|1663|base|1|1|/snap/core22/1663");
  EXPECT_EQ(row(table, 0, {"revision", "version", "current", "active", "path", "note"}),
            "1612|NULL|0|0|NULL|the revision is not mounted, so its own description could not be "
            "read");
}

TEST(SnapPackagesTest, FillsEveryColumn) {
  auto host = fixture_host("bundles");
  EXPECT_EQ(
      row(good(collect_snap_packages(host)), 2,
          {"name", "instance", "version", "channel", "confinement", "base", "snap_id", "purl"}),
      "firefox|firefox|132.0.1-1|latest/stable|strict|core22|3wdHCAVyZEmYsCMFDE9qt92UV8rC8Wdk|"
      "pkg:snap/firefox@132.0.1-1?channel=latest%2Fstable&revision=5187");
}

TEST(SnapPackagesTest, ADisabledClassicSnapMadeHereIsSaidAsSuch) {
  auto host = fixture_host("bundles");
  EXPECT_EQ(row(good(collect_snap_packages(host)), 3,
                {"name", "instance", "revision", "confinement", "current", "active", "snap_id"}),
            "own-tool|own-tool_two|x1|classic|1|0|NULL");
}

TEST(SnapPackagesTest, NoSecretOfSnapdIsKept) {
  auto host = fixture_host("bundles");
  const auto table = good(collect_snap_packages(host));
  for (const auto& cells : table.rows())
    for (const auto& value : cells)
      EXPECT_EQ(evidence::to_text(value).find("canary"), std::string::npos);
}

TEST(SnapPackagesTest, WithoutSnapdsStateWhatIsMountedCounts) {
  MemoryHost host;
  host.files = {{"/snap/a/7/meta/snap.yaml", "name: a\nversion: 1.0\n"}, {"/snap/bin/a", ""}};
  host.links = {{"/snap/a/current", "7"}};
  const auto table = good(collect_snap_packages(host));
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"name", "version", "revision", "channel"}), "a|1.0|7|NULL");
}

TEST(SnapPackagesTest, ASystemWithoutSnapsHasNone) {
  MemoryHost host;
  host.files = {{"/var/lib/dpkg/status", ""}};
  EXPECT_TRUE(good(collect_snap_packages(host)).rows().empty());
  host.files = {{"/var/lib/snapd/state.json", R"({"data":{}})"}};
  EXPECT_TRUE(good(collect_snap_packages(host)).rows().empty());
}

TEST(SnapPackagesTest, AStateThatMayNotBeReadIsAnError) {
  auto image = fixture_host("bundles");
  FailingHost host(image);
  host.fail_path("/var/lib/snapd/state.json", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_snap_packages(host).error().code(), Code::kPermissionDenied);
}

class BadSnapStateTest : public testing::TestWithParam<const char*> {};

TEST_P(BadSnapStateTest, IsAnError) {
  EXPECT_EQ(parse_snap_state(GetParam()).error().code(), Code::kInvalidData) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSnapStateTest,
    testing::Values("", "[]", "{}", R"({"data":[]})", R"({"data":{"snaps":[]}})",
                    R"({"data":{"snaps":{"a":1}}})", R"({"data":{"snaps":{"a":{}}}})",
                    R"({"data":{"snaps":{"a":{"sequence":[1]}}}})",
                    R"({"data":{"snaps":{"a":{"sequence":[{}]}}}})", R"({"data":{"snaps":{})"));

TEST(SnapYamlTest, ReadsPlainAndQuotedValuesOfTheTopLevel) {
  const auto yaml = parse_snap_yaml(
      "version: 'it''s 1' # now\nbase: core22 # x\ntype: \"app\"\napps:\n  version: 2\n");
  EXPECT_EQ(yaml.version, "it's 1");
  EXPECT_EQ(yaml.base, "core22");
  EXPECT_EQ(yaml.type, "app");
}

TEST(SnapPackagesTest, ANameThatLeadsElsewhereIsNotFollowed) {
  MemoryHost host;
  host.files = {{"/var/lib/snapd/state.json",
                 R"({"data":{"snaps":{"../etc":{"sequence":[{"revision":".."}]}}}})"},
                {"/snap/../etc/../meta/snap.yaml", "version: 1\n"}};
  EXPECT_EQ(row(good(collect_snap_packages(host)), 0, {"version"}), "NULL");
}

TEST(SnapPackagesTest, AnEmptyFolderIsNoEvidence) {
  MemoryHost host;
  host.live = false;
  EXPECT_EQ(collect_snap_packages(host).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
