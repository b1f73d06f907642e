#include "agent/spool/gap_log.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

using evidence::Seconds;
using std::chrono::seconds;

class GapLogTest : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return scratch_.root() + "/gaps.jsonl"; }
  [[nodiscard]] std::vector<Gap> gaps() const { return read_gaps(path()).value(); }
  static Seconds at(int second) { return Seconds(seconds(second)); }

  ScratchFolder scratch_;
  int error_ = 0;
  Disk disk_{[this] { return error_; }};
  GapLog log_{path(), &disk_};
};

TEST_F(GapLogTest, NoFileIsNoGap) {
  EXPECT_TRUE(gaps().empty());
  EXPECT_EQ(log_.count(), 0);
}

TEST_F(GapLogTest, ReadsWhatItWrote) {
  log_.add(GapKind::kNoSpace, at(1), "full");
  log_.add(GapKind::kDamaged, at(2), "a\nline, \xff and \"quotes\"");
  EXPECT_EQ(gaps()[0], (Gap{at(1), at(1), "no_space", "full", 1}));
  EXPECT_EQ(gaps()[1].kind, "damaged");
  EXPECT_EQ(GapLog(path(), &disk_).count(), 2);
}

TEST_F(GapLogTest, ItIsBoundedAndCountsEveryGap) {
  for (int i = 0; i < 2000; ++i)
    log_.add(i % 2 == 0 ? GapKind::kNoSpace : GapKind::kScanFailed, at(i), std::to_string(i));
  EXPECT_LE(gaps().size(), kMaxGapLines);
  EXPECT_EQ(log_.count(), 2000);
  EXPECT_EQ(GapLog(path(), &disk_).count(), 2000);
  EXPECT_EQ(gaps().front().since, at(0));
  EXPECT_EQ(gaps().back(), (Gap{at(1999), at(1999), "scan_failed", "1999", 1}));
}

TEST_F(GapLogTest, WhatAFullDiskHoldsBackIsBoundedToo) {
  error_ = ENOSPC;
  for (int i = 0; i < 2000; ++i) log_.add(GapKind::kNoSpace, at(i), std::to_string(i));
  EXPECT_EQ(log_.count(), 2000);
  EXPECT_TRUE(gaps().empty());
  error_ = 0;
  EXPECT_TRUE(log_.flush());
  EXPECT_LE(gaps().size(), 64U);
  EXPECT_EQ(GapLog(path(), &disk_).count(), 2000);
}

TEST_F(GapLogTest, OneThatComesAgainWhileNothingCanBeWrittenIsToldOnce) {
  error_ = ENOSPC;
  for (int i = 0; i < 9; ++i) log_.add(GapKind::kNoSpace, at(i), "full");
  error_ = 0;
  EXPECT_TRUE(log_.flush());
  EXPECT_EQ(gaps(), (std::vector<Gap>{{at(0), at(8), "no_space", "full", 9}}));
}

TEST_F(GapLogTest, ALineThatCannotBeUnderstoodIsAGapAndNotNothing) {
  log_.add(GapKind::kNoSpace, at(1), "full");
  std::ofstream(path(), std::ios::app) << "{\"at\":\"2026-11\n";
  ASSERT_EQ(gaps().size(), 2U);
  EXPECT_EQ(gaps()[1].kind, kUnreadableGap);
  EXPECT_EQ(gaps()[1].since, std::nullopt);
}

TEST_F(GapLogTest, AFileOutOfBoundsIsAnError) {
  std::ofstream(path()) << std::string(kMaxGapFileBytes + 1, 'x');
  EXPECT_EQ(read_gaps(path()).error().code(), Code::kTooLarge);
}

TEST_F(GapLogTest, LongWordsAreCut) {
  log_.add(GapKind::kNoSpace, at(1), std::string(100'000, 'x'));
  EXPECT_EQ(gaps()[0].detail.size(), kMaxGapDetailBytes);
}

}  // namespace
}  // namespace assay::agent
