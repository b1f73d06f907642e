// Which weeks get a report, when, by whom, and what comes of one that fails.
#include "collector/reports/report_maker.h"

#include <algorithm>
#include <thread>

#include "tests/unit/collector/ledger/story.h"

namespace assay::collector {
namespace {

using std::chrono::days;
using std::chrono::seconds;

evidence::Seconds time_of(const std::string& text) {
  return evidence::from_timestamp(text).value();
}

class ReportMakerTest : public LedgerStory {
 protected:
  ReportMakerTest() {
    now_ = time_of("2026-11-20T08:00:00Z");  // a Friday of W47
    options_.now = [this] { return now_; };
    options_.make = [this](const Week& week) -> Result<std::string> {
      asked_.push_back(week.name);
      if (bad_ == week.name) return fail(Code::kIo, "no such thing");
      return "of " + week.name;
    };
  }

  // By a clock of the host that may be set off.
  void scan(seconds set_off = seconds(0)) {
    auto snapshot = snapshot_of(kHost, ++scans_, {}, last_);
    snapshot.manifest.started = snapshot.manifest.ended = evidence::to_timestamp(now_ + set_off);
    snapshot.now = now_;
    last_ = snapshot.digest;
    const auto receipt = store_->commit_snapshot(snapshot, {});
    ASSERT_TRUE(receipt) << receipt.error().message();
  }
  // Until then, with a scan at the end.
  void pass(seconds time) {
    now_ += time;
    scan();
  }
  ReportRound make() {
    auto round = make_reports_due(*store_, options_);
    EXPECT_TRUE(round) << round.error().message();
    return round.value_or(ReportRound{});
  }
  std::vector<std::string> made() {
    std::vector<std::string> weeks;
    const auto page = store_->reports({}).value();
    for (const auto& report : page.items) weeks.push_back(report.week);
    return weeks;
  }
  using Weeks = std::vector<std::string>;

  ReportMakerOptions options_;
  std::string bad_;
  Weeks asked_;

 private:
  std::int64_t scans_ = 0;
  std::optional<evidence::Digest> last_;
};

TEST_F(ReportMakerTest, AWeekIsDueAMinuteAfterItsEndAndMadeOnce) {
  scan();
  now_ = time_of("2026-11-23T00:00:59Z");
  scan();
  EXPECT_EQ(make().made, 0) << "what arrived last is still being judged";
  now_ += seconds(1);
  EXPECT_EQ(make().made, 1);
  EXPECT_EQ(made(), Weeks{"2026-W47"});
  const auto report = store_->report("2026-W47").value();
  EXPECT_EQ(report.since, time_of("2026-11-16T00:00:00Z"));
  EXPECT_EQ(report.until, time_of("2026-11-23T00:00:00Z"));
  EXPECT_EQ(report.at, now_);
  EXPECT_EQ(store_->report_content("2026-W47").value(), "of 2026-W47");
  pass(days(6));
  EXPECT_EQ(make().made, 0);
  EXPECT_EQ(asked_, Weeks{"2026-W47"});
}

TEST_F(ReportMakerTest, AFleetWithoutASnapshotHasNoReport) {
  now_ += days(100);
  EXPECT_EQ(make().made, 0);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ReportMakerTest, AClockThatRanAheadEndsNoWeek) {
  scan();
  now_ += days(7);
  EXPECT_EQ(make().made, 0) << "no host has said so";
  scan(-days(7));
  EXPECT_EQ(make().made, 0) << "the host's clock says otherwise";
  now_ += days(70);
  scan(-days(70));
  EXPECT_EQ(make().made, 1) << "as far as it says so";
  EXPECT_EQ(made(), Weeks{"2026-W47"});
}

TEST_F(ReportMakerTest, MissedWeeksAreMadeTheOldestFirstSomeAtATime) {
  scan();
  pass(days(7 * 10));
  EXPECT_EQ(weeks_due(*store_, now_)->size(), 10U);
  EXPECT_EQ(make().made, kMostReportsAtOnce);
  EXPECT_EQ(asked_.front(), "2026-W47");
  EXPECT_EQ(asked_.back(), "2027-W01");
  EXPECT_EQ(make().made, 0) << "the turn is not over";
  now_ += kReportTurn;
  EXPECT_EQ(make().made, 2);
  EXPECT_EQ(made().size(), 10U);
  EXPECT_TRUE(weeks_due(*store_, now_)->empty());
}

TEST_F(ReportMakerTest, WhatIsMoreThanAYearBackIsNotMadeUpFor) {
  scan();
  pass(days(7 * 200));
  const auto due = weeks_due(*store_, now_).value();
  ASSERT_EQ(due.size(), static_cast<std::size_t>(kMostWeeksBack));
  EXPECT_EQ(due.back().until, week_at(now_).since);
}

TEST_F(ReportMakerTest, OneThatFailsIsTriedAgainAndKeepsNobodyBack) {
  scan();
  pass(days(14));
  bad_ = "2026-W47";
  auto round = make();
  EXPECT_EQ(round.made, 1);
  EXPECT_EQ(round.failed, 1);
  EXPECT_EQ(made(), Weeks{"2026-W48"});
  now_ += seconds(60);
  (void)make();
  EXPECT_EQ(asked_.size(), 2U) << "after a pause";
  bad_.clear();
  now_ += kReportTurn;
  EXPECT_EQ(make().made, 1);
  EXPECT_EQ(made(), (Weeks{"2026-W48", "2026-W47"}));
}

TEST_F(ReportMakerTest, OfTwoCollectorsOneMakesIt) {
  scan();
  pass(days(7));
  auto other = options_;
  other.make = [this](const Week& week) {
    EXPECT_EQ(make().made, 0) << "while that one makes it";
    return options_.make(week);
  };
  EXPECT_EQ(make_reports_due(*store_, other)->made, 1);
  EXPECT_EQ(asked_, Weeks{"2026-W47"});
}

TEST_F(ReportMakerTest, OneWhoseMakerDiedIsMadeByAnother) {
  scan();
  pass(days(7));
  ASSERT_TRUE(store_->claim_reporting(now_, now_ + kReportTurn).value());  // and was killed
  EXPECT_EQ(make().made, 0);
  now_ += kReportTurn;
  EXPECT_EQ(make().made, 1);
}

TEST_F(ReportMakerTest, WhoOutlivesItsTurnChangesNothing) {
  scan();
  pass(days(7));
  auto slow = options_;
  slow.make = [this](const Week& week) -> Result<std::string> {
    now_ += kReportTurn;
    EXPECT_EQ(make().made, 1) << "another one's turn";
    return "otherwise, of " + week.name;
  };
  EXPECT_TRUE(make_reports_due(*store_, slow));
  EXPECT_EQ(store_->report_content("2026-W47").value(), "of 2026-W47");
  const auto acts = store_->acts({}).value();
  EXPECT_EQ(std::ranges::count(acts.items, "report_made", &evidence::Act::kind), 1);
}

TEST_F(ReportMakerTest, RunsByItselfAndTellsHowItGoes) {
  scan();
  pass(days(14));
  bad_ = "2026-W47";
  options_.look = std::chrono::milliseconds(1);
  ReportMaker maker(*store_, options_);
  const auto figure = [&maker](std::string_view name) {
    for (const auto& one : maker.figures())
      if (one.name == name) return one.value;
    return -1.0;
  };
  EXPECT_EQ(figure("assay_reports_due"), 2);
  maker.start();
  for (int i = 0; i < 1000 && figure("assay_reports_made_total") < 1; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  maker.stop();
  EXPECT_EQ(figure("assay_reports_made_total"), 1);
  EXPECT_EQ(figure("assay_report_failures_total"), 1);
  EXPECT_EQ(figure("assay_reports_due"), 1);
}

}  // namespace
}  // namespace assay::collector
