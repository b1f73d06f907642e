// The terms of then and weekly reports, in every engine.
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {
namespace {

using Kinds = std::vector<std::string>;

Terms terms_of(int days, std::optional<std::string> grade = {}, std::optional<Kinds> kinds = {}) {
  return {std::chrono::days(days), {std::move(grade), std::move(kinds)}};
}

ReportRecord report_of(const std::string& week, std::int64_t since, std::int64_t made) {
  ReportRecord report;
  report.week = week;
  report.since = at(since);
  report.until = at(since + 604'800);
  report.at = at(made);
  return report;
}

std::vector<std::string> weeks_in(const Page<ReportRecord>& page) {
  std::vector<std::string> weeks;
  for (const auto& report : page.items) weeks.push_back(report.week);
  return weeks;
}

}  // namespace

TEST_P(StoreConformance, TermsAreThoseOfTheirTime) {
  EXPECT_EQ(code_of(store().terms_at(at(100))), "not_found");
  ASSERT_TRUE(store().add_terms(terms_of(7), at(100)));
  ASSERT_TRUE(store().add_terms(terms_of(7, {}, Kinds()), at(200)));
  ASSERT_TRUE(store().add_terms(terms_of(3, "B", Kinds{"listed", "internet-order"}), at(300)));
  reopen();
  EXPECT_EQ(store().terms_at(at(199))->organisation.kinds, std::nullopt);
  EXPECT_EQ(store().terms_at(at(50))->stale_after, std::chrono::days(7)) << "the first, before it";
  EXPECT_EQ(store().terms_at(at(50))->organisation.kinds, std::nullopt);
  EXPECT_EQ(store().terms_at(at(200))->organisation.kinds, Kinds()) << "of none is not unsaid";
  EXPECT_EQ(store().terms_at(at(299))->organisation.grade, std::nullopt);
  const auto last = store().terms_at(at(1'000'000)).value();
  EXPECT_EQ(last.stale_after, std::chrono::days(3));
  EXPECT_EQ(last.organisation.grade, "B");
  EXPECT_EQ(last.organisation.kinds, (Kinds{"internet-order", "listed"}));
}

TEST_P(StoreConformance, TermsThatAreTheSameAreNoAct) {
  for (const auto second : {100, 200}) ASSERT_TRUE(store().add_terms(terms_of(7), at(second)));
  for (const auto& kinds : {Kinds{"a", "b"}, Kinds{"b", "a"}, Kinds{"b", "a", "a"}})
    ASSERT_TRUE(store().add_terms(terms_of(7, "A", kinds), at(300)));
  EXPECT_EQ(code_of(store().add_terms(terms_of(0), at(400))), "usage");
  const auto acts = store().acts({})->items;
  ASSERT_EQ(acts.size(), 2U);
  EXPECT_EQ(acts[0].kind, "terms_set");
  EXPECT_EQ(acts[0].at, at(100));
  EXPECT_EQ(acts[0].name, "");
  EXPECT_EQ(acts[0].detail("since"), evidence::Value(std::int64_t{100}));
  EXPECT_EQ(acts[0].detail("stale_after"), evidence::Value(std::int64_t{604'800}));
  EXPECT_EQ(acts[0].detail("grade"), evidence::Value());
  EXPECT_EQ(acts[0].detail("kinds"), evidence::Value());
  EXPECT_EQ(acts[1].detail("grade"), evidence::Value("A"));
  EXPECT_EQ(acts[1].detail("kinds"), evidence::Value(",a,b,"));
  EXPECT_TRUE(store().self_check()->empty());
}

TEST_P(StoreConformance, AReportIsKeptAsItWas) {
  const std::string content = R"({"week":"2026-W47","new":["一"]})";
  const auto kept = store().add_report(report_of("2026-W47", 1000, 9000), content);
  ASSERT_TRUE(kept) << kept.error().message();
  reopen();
  const auto report = store().report("2026-W47").value();
  EXPECT_EQ(report.since, at(1000));
  EXPECT_EQ(report.until, at(605'800));
  EXPECT_EQ(report.at, at(9000));
  EXPECT_EQ(report.digest, evidence::sha256(content));
  EXPECT_EQ(report.act, 1);
  EXPECT_EQ(store().report_content("2026-W47").value(), content);
  const auto act = store().acts({})->items.at(0);
  EXPECT_EQ(act.kind, "report_made");
  EXPECT_EQ(act.detail("week"), evidence::Value("2026-W47"));
  EXPECT_EQ(act.detail("until"), evidence::Value(std::int64_t{605'800}));
  EXPECT_EQ(act.detail("sha256"), evidence::Value(evidence::sha256(content).hex()));
  EXPECT_TRUE(store().self_check()->empty());
  EXPECT_EQ(code_of(store().report("2026-W48")), "not_found");
  EXPECT_EQ(code_of(store().report_content("2026-W48")), "not_found");
}

TEST_P(StoreConformance, AWeekHasOneReportWhoeverComesLater) {
  const auto first = store().add_report(report_of("2026-W47", 1000, 9000), "first").value();
  const auto second = store().add_report(report_of("2026-W47", 1000, 9999), "second").value();
  EXPECT_EQ(second.digest, first.digest);
  EXPECT_EQ(second.at, at(9000));
  EXPECT_EQ(store().report_content("2026-W47").value(), "first");
  EXPECT_EQ(store().acts({})->items.size(), 1U);
}

TEST_P(StoreConformance, AReportNeedsAWeekAndAContent) {
  EXPECT_EQ(code_of(store().add_report(report_of("", 1000, 9000), "x")), "usage");
  EXPECT_EQ(code_of(store().add_report(report_of("2026-W47", 1000, 9000), "")), "usage");
  auto endless = report_of("2026-W47", 1000, 9000);
  endless.until = endless.since;
  EXPECT_EQ(code_of(store().add_report(endless, "x")), "usage");
  EXPECT_TRUE(store().reports({})->items.empty());
}

TEST_P(StoreConformance, ReportsAreListedTheLatestWeekFirst) {
  // 2026-W01 was made up for after the others.
  for (const auto* week : {"2026-W02", "2025-W52", "2026-W01"})
    ASSERT_TRUE(store().add_report(report_of(week, 1000, 9000), week));
  auto page = store().reports({"", 2}).value();
  const std::vector<std::string> latest{"2026-W02", "2026-W01"};
  EXPECT_EQ(weeks_in(page), latest);
  page = store().reports({page.next, 2}).value();
  EXPECT_EQ(weeks_in(page), std::vector<std::string>{"2025-W52"});
  EXPECT_EQ(page.next, "");
}

TEST_P(StoreConformance, OneAtATimeMakesReports) {
  EXPECT_TRUE(store().claim_reporting(at(100), at(160)).value());
  reopen();
  EXPECT_FALSE(store().claim_reporting(at(159), at(170)).value());
  EXPECT_TRUE(store().claim_reporting(at(160), at(220)).value()) << "its holder has died";
  EXPECT_TRUE(store().claim_time_stamping(at(160), at(220)).value()) << "which is another matter";
  EXPECT_TRUE(store().claim_reporting(at(500'000), at(500'060)).value());
  EXPECT_TRUE(store().claim_reporting(at(300), at(360)).value()) << "a clock that was days ahead";
}

TEST_P(StoreLedger, TheFirstSnapshotOfAllIsTheFirstThatCame) {
  EXPECT_EQ(store().first_accepted().value(), std::nullopt);
  enroll("host-9");
  auto first = snapshot_of("host-9", 1);
  first.now = at(5000);
  (void)accept(first);
  EXPECT_EQ(store().first_accepted().value(), at(5000));
  accept_some(2);
  EXPECT_EQ(store().first_accepted().value(), at(5000));
}

}  // namespace assay::collector
