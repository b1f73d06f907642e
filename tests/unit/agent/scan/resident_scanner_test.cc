#include "agent/scan/resident_scanner.h"

#include <gtest/gtest.h>

#include <array>

#include "evidence/schema.h"
#include "evidence/timestamp.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

int g_walks = 0;
int g_daily_runs = 0;
int g_files = 0;

// A row whose text is what the probe read.
evidence::Table table_with(std::string_view name, std::string_view column, std::string text) {
  evidence::Table table(*evidence::find_table(name));
  table.add({{column, std::move(text)}});
  return table;
}

Result<evidence::Table> read_groups(Host& host) {
  const auto text = host.read_file("/etc/group", kMaxConfigBytes);
  if (!text) return fail(text.error());
  return table_with("groups", "groupname", *text);
}

Result<evidence::Table> read_packages(Host&) {
  return table_with("deb_packages", "name", std::to_string(++g_daily_runs));
}

class FileCounter final : public Walker {
 public:
  explicit FileCounter(std::string_view table, std::string_view column)
      : table_(table), column_(column) {}
  void visit(const TreeEntry&) override { ++g_files; }
  Result<evidence::Table> finish(Host&, const WalkSummary& walk) override {
    return table_with(table_, column_, std::to_string(walk.entries));
  }

 private:
  std::string_view table_;
  std::string_view column_;
};

constexpr std::array kProbes{
    Probe{.table = "deb_packages", .collect = read_packages, .cadence = Cadence::kDaily},
    Probe{.table = "groups", .collect = read_groups},
    Probe{.table = "shadow",
          .walker = []() -> std::unique_ptr<Walker> {
            ++g_walks;
            return std::make_unique<FileCounter>("shadow", "username");
          },
          .cadence = Cadence::kDaily},
    Probe{.table = "users",
          .walker = []() -> std::unique_ptr<Walker> {
            return std::make_unique<FileCounter>("users", "username");
          },
          .cadence = Cadence::kDaily}};

class ResidentScannerTest : public testing::Test {
 protected:
  ResidentScannerTest() {
    g_walks = g_daily_runs = g_files = 0;
    settings_.state_dir = state_.root();
    host_.files["/etc/group"] = "root";
  }
  [[nodiscard]] ScanWish wish(bool is_asked = false) const {
    return {.is_asked = is_asked, .own = &own_, .is_kept = [this](const evidence::Digest&) {
              return is_kept_;
            }};
  }
  Scan scan_after(std::int64_t seconds) {
    host_.now_seconds += seconds;
    return scanner_->scan(wish());
  }
  void change_groups(const std::string& text) {
    host_.files["/etc/group"] = text;
    host_.changed_ns += 1;
  }
  // Another process, which knows only what the last manifest says.
  void restart(const Scan& last, const std::string& version = ASSAY_VERSION) {
    auto manifest = manifest_of(last);
    manifest.agent_version = version;
    scanner_.emplace(host_, kProbes);
    scanner_->remember(manifest);
  }
  static std::optional<evidence::Seconds> collected(const Scan& scan, const char* table) {
    return scan.find(table)->collected;
  }

  ScratchFolder state_;
  Settings settings_;
  OwnFacts own_{&settings_, {}};
  MemoryHost host_;
  bool is_kept_ = true;
  std::optional<ResidentScanner> scanner_{std::in_place, host_, kProbes};
};

constexpr std::int64_t kHour = 3600;

TEST_F(ResidentScannerTest, TheFirstScanLooksAtEverything) {
  const auto scan = scan_after(0);
  EXPECT_EQ(scanner_->probes_run(), 4);
  for (const auto& table : scan.tables) {
    EXPECT_TRUE(table.is_ok()) << table.name << ": " << table.reason;
    EXPECT_EQ(table.collected, std::nullopt) << table.name;
    EXPECT_FALSE(table.frame.empty()) << table.name;
  }
  EXPECT_NE(scan.find("agent_info"), nullptr);
  EXPECT_NE(scan.find("agent_costs"), nullptr);
}

TEST_F(ResidentScannerTest, WhatTakesAWalkIsRepeatedAndSaysSince) {
  const auto first = scan_after(0);
  const auto second = scan_after(kHour);
  EXPECT_EQ(scanner_->probes_run(), 0);
  for (const char* table : {"deb_packages", "shadow", "users"}) {
    EXPECT_EQ(collected(second, table), first.started) << table;
    EXPECT_EQ(second.find(table)->digest, first.find(table)->digest) << table;
    EXPECT_EQ(second.find(table)->milliseconds, 0) << table;
  }
  EXPECT_EQ(collected(second, "groups"), std::nullopt);
}

TEST_F(ResidentScannerTest, OneWalkADayServesAllWalkers) {
  (void)scan_after(0);
  const int files = g_files;
  for (int hour = 1; hour < 24; ++hour) (void)scan_after(kHour);
  EXPECT_EQ(g_walks, 1);
  const auto next_day = scan_after(kHour);
  EXPECT_EQ(g_walks, 2);
  EXPECT_EQ(g_daily_runs, 2);
  EXPECT_EQ(g_files, 2 * files);
  EXPECT_EQ(collected(next_day, "users"), std::nullopt);
}

TEST_F(ResidentScannerTest, AScanThatSomebodyAsksForRepeatsNothing) {
  (void)scan_after(0);
  host_.now_seconds += 60;
  const auto scan = scanner_->scan(wish(true));
  EXPECT_EQ(g_walks, 2);
  for (const auto& table : scan.tables) EXPECT_EQ(table.collected, std::nullopt) << table.name;
}

TEST_F(ResidentScannerTest, AVolatileTableIsNoChangeByItself) {
  const auto first = scan_after(0);
  const auto second = scan_after(kHour);
  EXPECT_EQ(collected(second, "agent_costs"), first.started);
  EXPECT_EQ(second.find("agent_costs")->digest, first.find("agent_costs")->digest);
}

TEST_F(ResidentScannerTest, AVolatileTableTravelsWithAChange) {
  (void)scan_after(0);
  change_groups("root wheel");
  const auto changed = scan_after(kHour);
  EXPECT_EQ(collected(changed, "agent_costs"), std::nullopt);
  EXPECT_EQ(collected(scan_after(kHour), "agent_costs"), changed.started);
}

TEST_F(ResidentScannerTest, AVolatileTableTravelsOnceADay) {
  (void)scan_after(0);
  ScanWish weekly = wish();
  weekly.walk_interval = std::chrono::hours(24 * 7);
  host_.now_seconds += 24 * kHour;
  const auto scan = scanner_->scan(weekly);
  EXPECT_EQ(collected(scan, "agent_costs"), std::nullopt);
  EXPECT_NE(collected(scan, "users"), std::nullopt);
}

TEST_F(ResidentScannerTest, ARestartDoesNotWalkAgain) {
  const auto first = scan_after(0);
  restart(first);
  const auto second = scan_after(kHour);
  EXPECT_EQ(g_walks, 1);
  EXPECT_EQ(collected(second, "users"), first.started);
  restart(second);
  EXPECT_EQ(collected(scan_after(kHour), "users"), first.started);
  EXPECT_EQ(collected(scan_after(23 * kHour), "users"), std::nullopt);
}

TEST_F(ResidentScannerTest, AnotherVersionOfTheAgentLooksForItself) {
  restart(scan_after(0), "0.0.9");
  EXPECT_EQ(collected(scan_after(kHour), "users"), std::nullopt);
}

TEST_F(ResidentScannerTest, ATableThatNobodyKeepsIsCollectedAgain) {
  restart(scan_after(0));
  is_kept_ = false;
  const auto scan = scan_after(kHour);
  EXPECT_EQ(g_walks, 2);
  EXPECT_FALSE(scan.find("users")->frame.empty());
  // Its own frames are as good, until they are dropped.
  EXPECT_FALSE(scan_after(kHour).find("users")->frame.empty());
  EXPECT_EQ(g_walks, 2);
  scanner_->drop_frames();
  (void)scan_after(kHour);
  EXPECT_EQ(g_walks, 3);
}

TEST_F(ResidentScannerTest, AClockThatWasSetBackRepeatsNothing) {
  (void)scan_after(0);
  EXPECT_EQ(collected(scan_after(-kHour), "users"), std::nullopt);
  EXPECT_EQ(collected(scan_after(0), "users"), std::nullopt);  // the same second
}

TEST_F(ResidentScannerTest, WhatItSaysMakesAGoodManifest) {
  (void)scan_after(0);
  auto manifest = manifest_of(scan_after(kHour));
  manifest.profile = "server";
  const auto bytes = evidence::to_canonical(manifest);
  ASSERT_TRUE(bytes) << bytes.error().message();
  EXPECT_EQ(evidence::manifest_from_canonical(*bytes).value(), manifest);
}

}  // namespace
}  // namespace assay::agent
