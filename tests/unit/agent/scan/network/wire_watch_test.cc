#include "agent/scan/network/wire_watch.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "agent/scan/resident_scanner.h"
#include "evidence/canonical.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kHour = 3600;

// What a sensor says of an interface.
std::string told(const std::string& interface) {
  std::string out;
  for (const auto name : kWireTables) {
    evidence::Table table(*evidence::find_table(name));
    if (name == kCaptureTable)
      table.add({{"source", interface}, {"kind", std::string("interface")}});
    out += evidence::to_canonical(table).value();
  }
  return out;
}

class WireWatchTest : public testing::Test {
 protected:
  WireWatchTest() {
    settings_.state_dir = folder_.root();
    settings_.sensor.interface = "eth0";
    host_.files["/etc/hostname"] = "a";
    says(told("eth0"));
  }
  void says(const std::string& answer) {
    std::ofstream(folder_.root() + "/answer", std::ios::binary) << answer;
  }
  // A shell in the sensor's place, which answers when it is asked to end.
  Result<RunningScanner> start(const std::vector<std::string>& arguments) {
    ++starts_;
    arguments_ = arguments;
    if (!can_start_) return fail(Code::kNotFound, "there is no sensor");
    const auto script = script_.empty()
                            ? "trap 'cat " + folder_.root() + "/answer; exit 0' TERM; : > " +
                                  folder_.root() + "/ready; while :; do sleep 0.02; done"
                            : script_;
    auto running = RunningScanner::start({.program = "/bin/sh",
                                          .arguments = {"-c", script},
                                          .input = {},
                                          .time_limit = {},
                                          .must_end = {}});
    for (int i = 0; script_.empty() && i < 1'000 && !std::ifstream(folder_.root() + "/ready"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::remove((folder_.root() + "/ready").c_str());
    return running;
  }
  Scan scan_after(std::int64_t seconds, bool is_asked = false) {
    host_.now_seconds += seconds;
    return scanner_.scan({.is_asked = is_asked,
                          .own = &own_,
                          .wire = &wire_,
                          .is_kept = [](const evidence::Digest&) { return true; }});
  }
  static void expect_unavailable(const Scan& scan, const std::string& words) {
    for (const auto name : kWireTables) {
      const auto* table = scan.find(name);
      ASSERT_NE(table, nullptr) << name;
      EXPECT_FALSE(table->is_ok()) << name;
      EXPECT_TRUE(table->reason.contains(words)) << table->reason;
    }
  }

  ScratchFolder folder_;
  Settings settings_;
  OwnFacts own_{&settings_, {}};
  MemoryHost host_;
  std::string script_;  // instead of the sensor that answers
  bool can_start_ = true;
  int starts_ = 0;
  std::vector<std::string> arguments_;
  WireWatch wire_{[this](const std::vector<std::string>& arguments) { return start(arguments); }};
  ResidentScanner scanner_{host_};
};

TEST_F(WireWatchTest, WithoutASensorTheCaptureIsEmpty) {
  settings_.sensor.interface.clear();
  const auto scan = scan_after(0);
  EXPECT_EQ(starts_, 0);
  EXPECT_TRUE(scan.find(kCaptureTable)->is_ok());
  EXPECT_EQ(scan.find(kCaptureTable)->row_count, 0);
  EXPECT_EQ(scan.find("observed_flows"), nullptr);
}

TEST_F(WireWatchTest, WhatItSeesBetweenTwoScansIsTakenByTheSecond) {
  expect_unavailable(scan_after(0), "has begun to watch");
  const auto second = scan_after(kHour);
  for (const auto name : kWireTables)
    EXPECT_TRUE(second.find(name)->is_ok()) << second.find(name)->reason;
  EXPECT_EQ(second.find(kCaptureTable)->row_count, 1);
  EXPECT_TRUE(second.losses.empty());
  EXPECT_EQ(starts_, 2);  // it goes on at once
}

TEST_F(WireWatchTest, BeforeItsWindowIsOverTheLastOneHolds) {
  (void)scan_after(0);
  const auto second = scan_after(kHour);
  const auto third = scan_after(kHour / 2);
  EXPECT_EQ(third.find(kCaptureTable)->collected, second.started);
  EXPECT_EQ(third.find(kCaptureTable)->digest, second.find(kCaptureTable)->digest);
  EXPECT_EQ(scan_after(kHour / 2).find(kCaptureTable)->collected, std::nullopt);
}

TEST_F(WireWatchTest, WhoAsksGetsWhatWasSeenSoFar) {
  (void)scan_after(0);
  expect_unavailable(scan_after(10, true), "has begun to watch");
  EXPECT_TRUE(scan_after(50, true).find("observed_flows")->is_ok());
}

TEST_F(WireWatchTest, IsToldWhatTheSettingsSay) {
  settings_.sensor.block_lists = {"/etc/assay/isac.txt"};
  settings_.sensor.own_networks = {"203.0.113.0/24"};
  settings_.sensor.working_hours = "Mon-Fri 08:00-18:00 +08:00";
  settings_.sensor.filter = "not port 9100";
  (void)scan_after(0);
  EXPECT_EQ(arguments_,
            (std::vector<std::string>{"sensor", "watch", "--interface=eth0", "--seconds=86400",
                                      "--blocklist=/etc/assay/isac.txt", "--own=203.0.113.0/24",
                                      "--working-hours=Mon-Fri 08:00-18:00 +08:00",
                                      "--filter=not port 9100"}));
  settings_.sensor.interface = "eth1";
  says(told("eth1"));
  expect_unavailable(scan_after(kHour), "has begun to watch");
  EXPECT_EQ(starts_, 2);
  EXPECT_TRUE(scan_after(kHour).find(kCaptureTable)->is_ok());
}

TEST_F(WireWatchTest, AnAnswerThatIsNoneIsALoss) {
  for (const auto& answer :
       {std::string("garbage"), std::string(), told("eth1"), told("eth0").substr(0, 400),
        told("eth0") +
            evidence::to_canonical(evidence::Table(*evidence::find_table("users"))).value()}) {
    says(answer);
    (void)scan_after(kHour);
    const auto scan = scan_after(kHour);
    expect_unavailable(scan, "unavailable: ");
    ASSERT_EQ(scan.losses.size(), 1U) << answer;
    EXPECT_TRUE(scan.losses[0].starts_with("sensor: "));
  }
}

TEST_F(WireWatchTest, OneThatEndsByItselfIsFoundByTheNextScan) {
  script_ = "exit 1";
  (void)scan_after(0);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto scan = scan_after(60);
  expect_unavailable(scan, "ended with code 1");
  EXPECT_EQ(scan.losses.size(), 1U);
}

TEST_F(WireWatchTest, OneThatCannotBeStartedIsALossAndNothingElse) {
  can_start_ = false;
  const auto scan = scan_after(0);
  expect_unavailable(scan, "there is no sensor");
  EXPECT_EQ(scan.losses, std::vector<std::string>{"sensor: there is no sensor"});
  EXPECT_NE(scan.find("listening_ports"), nullptr);
}

TEST_F(WireWatchTest, AScanByHandSaysWhoHasTheSensor) {
  const auto found = scan(host_, {.own = &own_});
  expect_unavailable(found, "runs with the resident agent");
  EXPECT_EQ(starts_, 0);
}

}  // namespace
}  // namespace assay::agent
