#include "collector/evaluation/cadence.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

evidence::Seconds when(const std::string& text) {
  auto time = evidence::from_timestamp(text);
  return time ? *time : evidence::from_date(text).value();
}

std::vector<std::string> names(std::string_view frequency, const std::string& now) {
  std::vector<std::string> out;
  for (const auto& period : periods_of(frequency, when(now))) out.push_back(period.name);
  return out;
}

TEST(Periods, AreThoseOfTheCalendarAndThePresentOne) {
  const auto months = names("monthly", "2026-03-01");
  ASSERT_EQ(months.size(), 13U);
  EXPECT_EQ(months.front(), "2025-03");
  EXPECT_EQ(months.back(), "2026-03") << "its first second belongs to it";
  EXPECT_EQ(names("monthly", "2026-02-28T23:59:59Z").back(), "2026-02");
  EXPECT_EQ(names("quarterly", "2026-02-01"),
            (std::vector<std::string>{"2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"}));
  EXPECT_EQ(names("half-yearly", "2026-07-01"),
            (std::vector<std::string>{"2025-H2", "2026-H1", "2026-H2"}));
  EXPECT_EQ(names("yearly", "2026-12-31"), (std::vector<std::string>{"2024", "2025", "2026"}));
  EXPECT_EQ(names("two-yearly", "2026-12-31"),
            (std::vector<std::string>{"2023/2024", "2025/2026"}));
  EXPECT_EQ(names("two-yearly", "2027-01-01").back(), "2027/2028");
  EXPECT_TRUE(names("regular", "2026-01-01").empty()) << "no figure: nothing can be missing";
}

TEST(Periods, FollowOneAnotherWithoutAGap) {
  for (const auto* frequency : {"monthly", "quarterly", "half-yearly", "yearly", "two-yearly"}) {
    const auto periods = periods_of(frequency, when("2028-02-29"));
    for (std::size_t i = 1; i < periods.size(); ++i)
      EXPECT_EQ(periods[i].begin, periods[i - 1].end) << frequency;
    EXPECT_LE(periods.back().begin, when("2028-02-29"));
    EXPECT_GT(periods.back().end, when("2028-02-29"));
  }
}

class CadenceTest : public testing::Test {
 protected:
  CadenceTest() { past_.enrolled_at = when("2026-01-01"); }

  void accept(const std::string& time) { past_.accepted.push_back(when(time)); }
  void judge(const std::string& check, checks::State state, const std::string& since,
             const std::string& until = {}) {
    VerdictInterval interval;
    interval.check_id = check;
    interval.frameworks = {"f"};
    interval.state = state;
    interval.since = when(since);
    if (!until.empty()) interval.until = when(until);
    past_.verdicts.push_back(interval);
  }
  // One letter for each month from January to April: there, missing, not expected.
  std::string months(const std::vector<std::string>& checks = {"A"}) {
    std::vector<Period> periods;
    for (auto& period : periods_of("monthly", when("2026-04-15")))
      if (period.begin >= when("2026-01-01")) periods.push_back(period);
    std::string out;
    for (const auto evidence : evidence_in(periods, past_, "f", checks, when("2026-04-15")))
      out += evidence == PeriodEvidence::kThere     ? 't'
             : evidence == PeriodEvidence::kMissing ? 'm'
                                                    : '-';
    return out;
  }

  HostPast past_;
};

TEST_F(CadenceTest, AMonthWithoutASnapshotIsMissingThoughTheVerdictStands) {
  accept("2026-01-10");
  accept("2026-02-10");
  accept("2026-04-10");
  judge("A", checks::State::kPass, "2026-01-10T00:00:05Z");
  EXPECT_EQ(months(), "ttmt");
}

TEST_F(CadenceTest, TheFirstAndLastSecondOfAMonthBelongToIt) {
  judge("A", checks::State::kFail, "2026-01-01");
  accept("2026-02-01T00:00:00Z");
  EXPECT_EQ(months(), "mtmm") << "a failure is evidence, too";
  past_.accepted = {when("2026-02-28T23:59:59Z")};
  EXPECT_EQ(months(), "mtmm") << "though it was judged in March";
  past_.accepted = {when("2026-03-01T00:00:00Z")};
  EXPECT_EQ(months(), "mmtm");
}

TEST_F(CadenceTest, WhatCouldNotBeJudgedIsNoEvidence) {
  accept("2026-01-10");
  accept("2026-02-10");
  accept("2026-03-10");
  judge("A", checks::State::kPass, "2026-01-10T00:00:05Z", "2026-02-10T00:00:05Z");
  judge("A", checks::State::kUnknown, "2026-02-10T00:00:05Z", "2026-03-10T00:00:05Z");
  judge("A", checks::State::kNotApplicable, "2026-03-10T00:00:05Z");
  EXPECT_EQ(months(), "tmtm") << "the verdict of before stood for five seconds of February";
}

TEST_F(CadenceTest, OneGoodSnapshotOfAMonthIsEnough) {
  accept("2026-02-10");
  accept("2026-02-20");
  judge("A", checks::State::kUnknown, "2026-02-10T00:00:05Z", "2026-02-20T00:00:05Z");
  judge("A", checks::State::kPass, "2026-02-20T00:00:05Z");
  EXPECT_EQ(months(), "mtmm");
}

TEST_F(CadenceTest, AllChecksOfAControlMustBeJudged) {
  accept("2026-02-10");
  judge("A", checks::State::kPass, "2026-02-10T00:00:05Z");
  judge("B", checks::State::kUnknown, "2026-02-10T00:00:05Z");
  EXPECT_EQ(months({"A", "B"}), "mmmm");
  EXPECT_EQ(months({"A"}), "mtmm");
  EXPECT_EQ(months({"A", "C"}), "mtmm") << "a check that came later was not asked then";
  EXPECT_EQ(months({}), "mmmm");
}

TEST_F(CadenceTest, VerdictsOfAnotherFrameworkDoNotCount) {
  accept("2026-02-10");
  judge("A", checks::State::kPass, "2026-02-10T00:00:05Z");
  past_.verdicts.back().frameworks = {"g"};
  EXPECT_EQ(months(), "mmmm");
}

TEST_F(CadenceTest, NothingIsExpectedOfAPeriodInWhichTheHostCame) {
  past_.enrolled_at = when("2026-02-10");
  EXPECT_EQ(months(), "--mm");
  past_.enrolled_at = when("2026-02-01");
  EXPECT_EQ(months(), "-mmm") << "it was there all month";
  past_.enrolled_at = when("2026-02-01T00:00:01Z");
  accept("2026-02-02");
  judge("A", checks::State::kPass, "2026-02-02T00:00:05Z");
  EXPECT_EQ(months(), "-tmm") << "what is there counts";
}

TEST_F(CadenceTest, TwoSnapshotsOfOneSecondDoNoHarm) {
  accept("2026-02-10");
  accept("2026-02-10");
  judge("A", checks::State::kPass, "2026-02-10T00:00:05Z");
  EXPECT_EQ(months(), "mtmm");
}

TEST(AttestedCadence, ADayBelongsToItsPeriodAndANewHostNeedsNone) {
  const auto periods = periods_of("quarterly", when("2026-11-20"));
  const auto answers = attested_in(periods, when("2026-02-01"),
                                   {when("2026-03-31"), when("2026-07-01"), when("2026-10-01")});
  EXPECT_EQ(answers, (std::vector<PeriodEvidence>{PeriodEvidence::kNotExpected,
                                                  PeriodEvidence::kThere, PeriodEvidence::kMissing,
                                                  PeriodEvidence::kThere, PeriodEvidence::kThere}));
}

}  // namespace
}  // namespace assay::collector
