// When the resident agent asks other machines.
#include <gtest/gtest.h>

#include <optional>

#include "agent/scan/resident_scanner.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scan/network/scripted_scanner.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kHour = 3600;

class ResidentNeighboursTest : public testing::Test {
 protected:
  ResidentNeighboursTest() {
    settings_.state_dir = state_.root();
    settings_.network.tls = settings_.network.services = NetworkUse::kOff;
    settings_.sweep.neighbours = sweep::addresses_from("192.0.2.7").value();
    answers("192.0.2.7");
  }
  Scan scan_after(std::int64_t seconds, bool is_asked = false) {
    host_.now_seconds += seconds;
    scanner_.settings = settings_;
    const auto look = scanner_.look(false);
    return resident_.scan({.walk_interval = std::chrono::hours(24),
                           .is_asked = is_asked,
                           .own = &own_,
                           .network = &look,
                           .is_kept = [](const evidence::Digest&) { return true; }});
  }
  void answers(const std::string& address, bool is_whole = true) {
    evidence::Table ports(*evidence::find_table("reachable_ports"));
    ports.add({{"address", address}, {"port", std::int64_t{22}}});
    evidence::Table sweeps(*evidence::find_table("sweeps"));
    sweeps.add({{"address", address}});
    scanner_.answer =
        ScannerEnd{.output = evidence::to_canonical(ports).value() +
                             (is_whole ? evidence::to_canonical(sweeps).value() : std::string())};
  }
  // Only on the day after the first scan's, which is a Saturday.
  void allow_on_sunday() {
    settings_.sweep.windows = {sensor::working_hours_from("Sun 00:00-24:00 +00:00").value()};
  }
  [[nodiscard]] std::size_t asked() const { return scanner_.inputs.size(); }

  ScratchFolder state_;
  Settings settings_;
  OwnFacts own_{&settings_, {}};
  MemoryHost host_;
  ScriptedScanner scanner_;
  ResidentScanner resident_{host_};
};

TEST_F(ResidentNeighboursTest, AreAskedOnceADayWhoeverAsksForAScan) {
  const auto first = scan_after(0);
  ASSERT_TRUE(first.find("sweeps")->is_ok()) << first.find("sweeps")->reason;
  EXPECT_EQ(first.find("sweeps")->collected, std::nullopt);
  for (int hour = 1; hour < 24; ++hour) {
    const auto later = scan_after(kHour, true);
    EXPECT_EQ(later.find("sweeps")->collected, first.started);
    EXPECT_EQ(later.find("sweeps")->digest, first.find("sweeps")->digest);
  }
  EXPECT_EQ(asked(), 1U);
  EXPECT_EQ(scan_after(kHour).find("sweeps")->collected, std::nullopt);
  EXPECT_EQ(asked(), 2U);
}

TEST_F(ResidentNeighboursTest, ANewListenerOfThisMachineIsNoneOfTheirs) {
  (void)scan_after(0);
  host_.sockets = {{.protocol = 6, .family = 2, .address = "0.0.0.0", .port = 443}};
  (void)scan_after(2 * kHour);
  EXPECT_EQ(asked(), 1U);
}

TEST_F(ResidentNeighboursTest, BeforeTheTimeForItNobodyIsAskedAndNothingIsLost) {
  allow_on_sunday();
  const auto early = scan_after(0);
  EXPECT_TRUE(early.find("sweeps")->reason.starts_with("unavailable: "));
  EXPECT_TRUE(early.losses.empty());
  EXPECT_EQ(asked(), 0U);
  // However short the time for it is, the next scan within it asks.
  settings_.sweep.windows.clear();
  EXPECT_TRUE(scan_after(300).find("sweeps")->is_ok());
}

TEST_F(ResidentNeighboursTest, OutsideTheTimeForItTheLastAnswerIsRepeated) {
  const auto good = scan_after(0);
  settings_.sweep.windows = {sensor::working_hours_from("Sat 00:00-24:00 +00:00").value()};
  const auto later = scan_after(30 * kHour);
  EXPECT_EQ(later.find("sweeps")->collected, good.started);
  EXPECT_TRUE(later.losses.empty());
}

TEST_F(ResidentNeighboursTest, AFailureIsToldIsAGapAndIsTriedAgain) {
  (void)scan_after(0);
  scanner_.answer = fail(Code::kTimedOut, "too slow");
  const auto failed = scan_after(25 * kHour);
  EXPECT_EQ(failed.find("sweeps")->reason, "timed_out: too slow");
  EXPECT_EQ(failed.losses, std::vector<std::string>{"neighbours: too slow"});
  answers("192.0.2.7");
  EXPECT_TRUE(scan_after(kHour).find("sweeps")->is_ok());
}

TEST_F(ResidentNeighboursTest, AnAnswerToAnotherQuestionIsNone) {
  answers("192.0.2.8");
  EXPECT_TRUE(scan_after(0).find("sweeps")->reason.contains("nobody asked for"));
  answers("192.0.2.7", false);
  EXPECT_TRUE(scan_after(kHour).find("reachable_ports")->reason.starts_with("invalid_data"));
}

TEST_F(ResidentNeighboursTest, WithoutNeighboursThereAreNoSuchTables) {
  settings_.sweep.neighbours = {};
  EXPECT_EQ(scan_after(0).find("sweeps"), nullptr);
  EXPECT_EQ(asked(), 0U);
}

TEST_F(ResidentNeighboursTest, AScanByHandLeavesThemAlone) {
  scanner_.settings = settings_;
  const auto told = scanner_.look(true);
  const auto found = scan(host_, {.tables = {"sweeps"}, .network = &told});
  EXPECT_TRUE(found.find("sweeps")->reason.contains("by the resident agent (run)"));
  EXPECT_EQ(asked(), 0U);
}

}  // namespace
}  // namespace assay::agent
