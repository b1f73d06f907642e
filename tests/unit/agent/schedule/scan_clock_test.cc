#include "agent/schedule/scan_clock.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::agent {
namespace {

using std::chrono::seconds;

constexpr ScanTiming kHourly{seconds(3600), seconds(300)};
constexpr BootTime kStart{1'000'000};

TEST(ScanClock, TheFirstScanOfAMachineIsAtOnce) {
  EXPECT_EQ(ScanClock(kHourly, kStart, std::nullopt, 1).next(), kStart);
}

TEST(ScanClock, ARestartDoesNotScanAgainBeforeItsTime) {
  const auto next = ScanClock(kHourly, kStart, seconds(600), 1).next();
  EXPECT_GE(next, kStart + seconds(3000));
  EXPECT_LE(next, kStart + seconds(3300));
}

TEST(ScanClock, AScanThatIsOverdueOrFromTheFutureIsDueWithinTheSplay) {
  for (const auto since : {seconds(99'999), seconds(-5)}) {
    const auto next = ScanClock(kHourly, kStart, since, 1).next();
    EXPECT_GE(next, kStart);
    EXPECT_LE(next, kStart + seconds(300));
  }
}

TEST(ScanClock, ScansAreSpreadOverTheSplay) {
  ScanClock clock(kHourly, kStart, std::nullopt, 7);
  BootTime earliest = BootTime::max();
  BootTime latest = BootTime::min();
  for (int i = 0; i < 200; ++i) {
    clock.succeeded(kStart);
    earliest = std::min(earliest, clock.next());
    latest = std::max(latest, clock.next());
  }
  EXPECT_GE(earliest, kStart + seconds(3600));
  EXPECT_LE(latest, kStart + seconds(3900));
  EXPECT_GT(latest - earliest, seconds(200));
}

TEST(ScanClock, AskingScansAtMostOnceAMinute) {
  ScanClock clock(kHourly, kStart, std::nullopt, 1);
  clock.started(kStart);
  clock.succeeded(kStart + seconds(1));
  clock.ask(kStart + seconds(2));
  EXPECT_EQ(clock.next(), kStart + seconds(60));
  clock.ask(kStart + seconds(3));
  EXPECT_EQ(clock.next(), kStart + seconds(60));
}

TEST(ScanClock, AFailedScanIsTriedAgainSooner) {
  ScanClock clock(kHourly, kStart, std::nullopt, 1);
  clock.failed(kStart);
  EXPECT_EQ(clock.next(), kStart + seconds(600));
}

TEST(ScanClock, AShorterIntervalCountsFromTheLastScan) {
  ScanClock clock(kHourly, kStart, std::nullopt, 1);
  clock.started(kStart);
  clock.succeeded(kStart);
  clock.change({seconds(600), seconds(0)}, kStart + seconds(100));
  EXPECT_EQ(clock.next(), kStart + seconds(600));
}

}  // namespace
}  // namespace assay::agent
