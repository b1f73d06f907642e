#include "agent/settings/collector_settings.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

TEST(CollectorSettings, WishesWithinBoundsAreTaken) {
  std::vector<std::string> ignored;
  const auto wish = within_bounds(600, "pc", &ignored);
  EXPECT_EQ(wish.scan_interval, std::chrono::minutes(10));
  EXPECT_EQ(wish.profile, "pc");
  EXPECT_TRUE(ignored.empty());
}

TEST(CollectorSettings, WishesOutOfBoundsAreIgnoredAndReported) {
  for (const std::int64_t interval :
       {std::int64_t{1}, std::int64_t{299}, std::int64_t{604'801}, std::int64_t{-5}, INT64_MAX}) {
    std::vector<std::string> ignored;
    EXPECT_FALSE(within_bounds(interval, "rm -rf /", &ignored).scan_interval);
    EXPECT_EQ(ignored.size(), 2U);
  }
}

TEST(CollectorSettings, WhatTheCollectorLeavesOutIsNoWish) {
  std::vector<std::string> ignored;
  EXPECT_EQ(within_bounds(0, "", &ignored), CollectorSettings());
  EXPECT_TRUE(ignored.empty());
}

TEST(CollectorSettings, TheAgentChecksTheBoundsAgain) {
  const ScratchFolder scratch;
  const StateFolder state(scratch.root());
  scratch.write("courier/settings.json", R"({"scan_interval_seconds":1,"profile":"pc"})");
  const auto read = read_collector_settings(state);
  EXPECT_FALSE(read.scan_interval);
  EXPECT_EQ(read.profile, "pc");
  for (const auto* text : {"", "[]", "{\"profile\":7}", "\xff"}) {
    scratch.write("courier/settings.json", text);
    EXPECT_EQ(read_collector_settings(state), CollectorSettings());
  }
}

TEST(CollectorSettings, GoThroughTheirFileUnchanged) {
  const ScratchFolder scratch;
  CollectorSettings settings{std::chrono::minutes(10), "pc", evidence::sha256("x").hex()};
  scratch.write("courier/settings.json", to_json(settings));
  EXPECT_EQ(read_collector_settings(StateFolder(scratch.root())), settings);
}

TEST(CollectorSettings, TheMachinesOwnFilesWin) {
  Settings settings;
  settings.origins["profile"] = "agent.yaml:1";
  apply({std::chrono::seconds(400), "pc", ""}, &settings);
  EXPECT_EQ(settings.profile, "server");
  EXPECT_EQ(settings.scan.interval, std::chrono::seconds(400));
  EXPECT_EQ(settings.scan.splay, std::chrono::seconds(200));
  EXPECT_EQ(settings.origins.at("scan.interval"), "collector");
}

}  // namespace
}  // namespace assay::agent
