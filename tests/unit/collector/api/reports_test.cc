// A week's report: made again later it is the same bytes, whatever has happened since, by the rules
// and terms of then; and what the API tells of it.
#include "collector/api/change.h"
#include "collector/api/weekly_report.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

const Person kLin{"t-lin", "Lin", Role::kOperator};
const Person kMei{"t-mei", "Mei", Role::kAdmin};

class ReportsTest : public World {
 protected:
  // A fleet before the week, and a week of all kinds of changes.
  void live_a_week() {
    web_.minlen = 10;
    db_.minlen = 10;
    db_.roots = {"root", "toor"};
    (void)scan(web_);
    (void)scan(db_);
    now_ = week_.since + std::chrono::hours(1);
    web_.minlen = 12;            // fixed
    web_.roots = {"root", "x"};  // new
    (void)scan(web_);
    waive("db");
    auto third = enroll("third");
    third.shadowed = "permission_denied: reading /etc/pam.d";
    (void)scan(third);
    db_.shadowed = third.shadowed;  // evidence lost
    (void)scan(db_);
    now_ = week_.until + std::chrono::minutes(1);
  }
  void waive(const std::string& host) {
    const Json body = {{"check", "ACC-ROOT"},
                       {"hosts", {host}},
                       {"reason", "old"},
                       {"measure", "bastion"},
                       {"until", evidence::to_date(now_ + std::chrono::days(20))}};
    const auto asked = send(Method::kPost, "/api/v1/waivers", body.dump(), kLin);
    ASSERT_EQ(asked.status, 201) << asked.body;
    const auto id = Json::parse(asked.body)["id"].get<std::string>();
    ASSERT_EQ(send(Method::kPost, "/api/v1/waivers/" + id + "/approve", "", kMei).status, 200);
  }
  std::string made() {
    const auto content = weekly_report(*service_, week_);
    EXPECT_TRUE(content) << content.error().message();
    return content.value_or("");
  }
  // In the week, on web.
  Finding found(const std::string& check, const std::string& name) {
    Finding finding;
    finding.id = evidence::sha256(check + name);
    finding.host_id = web_.id;
    finding.check_id = check;
    finding.severity = service_->content->check(check)->severity;
    finding.key = finding.row = Json{{"username", name}}.dump();
    finding.frameworks = {"strict"};
    finding.first_seen = finding.opened_at = finding.last_seen =
        week_.since + std::chrono::minutes(59);
    return finding;
  }
  void keep(const std::string& content) {
    ReportRecord record{week_.name, week_.since, week_.until, {}, now_};
    ASSERT_TRUE(store_->add_report(record, content));
  }

  const Week week_ = week_named("2026-W48").value();  // 2026-11-23
  Machine web_ = enroll("web");
  Machine db_ = enroll("db");
};

TEST_F(ReportsTest, SaysWhatADifferenceOfTheWeekSaysAndWhereTheFrameworksStood) {
  live_a_week();
  const auto report = Json::parse(made());
  const auto diff = get("/api/v1/diff?from=2026-11-23&to=2026-11-30");
  EXPECT_EQ(report["report"], "assay-weekly-report/1");
  EXPECT_EQ(report["week"], "2026-W48");
  EXPECT_EQ(report["from"], "2026-11-23T00:00:00Z");
  EXPECT_EQ(report["to"], "2026-11-30T00:00:00Z");
  EXPECT_EQ(report["summary"], diff["summary"]);
  for (const auto* list : {"new", "fixed", "evidence_lost", "waived"}) {
    EXPECT_FALSE(report[list].empty()) << list;
    EXPECT_EQ(report[list].size(), diff[list].size()) << list;
  }
  EXPECT_EQ(report["fixed"][0]["state"], "resolved");
  EXPECT_EQ(report["fixed"][0]["row"]["value"], 10) << "as it was at the beginning";
  EXPECT_TRUE(report["not_listed"].empty());
  const auto& strict = report["frameworks"][1];
  EXPECT_EQ(strict["id"], "strict");
  EXPECT_EQ(strict["before"]["hosts"], 2);
  EXPECT_EQ(strict["after"]["hosts"], 3);
  EXPECT_GT(strict["before"]["coverage_permille"], strict["after"]["coverage_permille"]);
}

TEST_F(ReportsTest, IsTheSameBytesForEver) {
  live_a_week();
  ASSERT_TRUE(store_->add_terms({service_->stale_after, service_->organisation}, now_));
  const auto before = made();
  const auto expect_same = [&](const char* why) { EXPECT_EQ(made(), before) << why; };

  wait(std::chrono::hours(1));
  web_.minlen = 6;
  web_.name = "web-new";
  web_.roots = {"root"};
  (void)scan(web_);
  db_.shadowed.clear();
  db_.roots = {"root"};
  (void)scan(db_);
  expect_same("when findings came back, went, and a host has another name");
  ASSERT_EQ(send(Method::kPost, "/api/v1/waivers/W-1/revoke", R"({"note":"fixed"})", kLin).status,
            200);
  (void)change("/api/v1/register/web-new", {{"groups", {"dmz"}}});
  expect_same("when people did something");
  set_strict_length(16);
  set_frequency("yearly");
  (void)scan(web_);
  expect_same("when the rules and the catalogue changed");
  auto fourth = enroll("fourth");
  (void)scan(fourth);
  ASSERT_TRUE(store_->revoke_host(db_.id, now_));
  expect_same("when a host came and one was revoked");
  service_->stale_after = std::chrono::hours(1);
  service_->organisation.kinds.emplace();
  ASSERT_TRUE(store_->add_terms({service_->stale_after, service_->organisation}, now_));
  wait(std::chrono::days(100));
  expect_same("when the terms changed, and hosts are stale");
}

TEST_F(ReportsTest, MoreThanAPersonReadsIsCountedAndNotListed) {
  (void)scan(web_);
  EvaluationChange change;
  change.mark = store_->mark(web_.id).value();
  change.mark.evaluated_at = week_.since + std::chrono::hours(1);
  for (const auto* name : {"a", "b", "c", "d", "e"})
    change.appeared.push_back(found("ACC-ROOT", name));
  change.appeared.push_back(found("PWD-LENGTH", "z"));
  ASSERT_TRUE(store_->commit_evaluation(change));
  const auto changes = lasting_difference(*service_, week_.since, week_.until, 3).value();
  ASSERT_EQ(changes["new"].size(), 3U);
  EXPECT_EQ(changes["new"][0]["check"], "PWD-LENGTH") << "the worst first";
  EXPECT_EQ(changes["new"][1]["check"], "ACC-ROOT");
  EXPECT_EQ(changes["not_listed"], (Json{{"new", 3}}));
  EXPECT_EQ(changes["summary"]["new"], 6);
  for (const auto& host : changes["hosts"])
    EXPECT_EQ(host["new"], host["id"] == web_.id ? 6 : 0) << "all of them";
}

TEST_F(ReportsTest, AreListedShownAndHandedOutAsTheyWereKept) {
  EXPECT_EQ(status("/api/v1/reports/latest"), 404);
  EXPECT_TRUE(get("/api/v1/reports")["items"].empty());
  live_a_week();
  const auto content = made();
  keep(content);
  const auto items = get("/api/v1/reports")["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0]["week"], "2026-W48");
  EXPECT_EQ(items[0]["since"], "2026-11-23T00:00:00Z");
  EXPECT_EQ(items[0]["sha256"], evidence::sha256(content).hex());
  EXPECT_EQ(get("/api/v1/reports/2026-W48"), items[0]);
  EXPECT_EQ(get("/api/v1/reports/latest"), items[0]);
  EXPECT_EQ(answer("/api/v1/reports/2026-W48/content").body, content);
  EXPECT_EQ(answer("/api/v1/reports/latest/content").body, content);
  EXPECT_EQ(status("/api/v1/reports/2026-W49"), 404);
  EXPECT_EQ(status("/api/v1/reports/2026-W60"), 400);
  EXPECT_EQ(status("/api/v1/reports/2026-W48?again=yes"), 400);
}

TEST_F(ReportsTest, OneWhoseEvidenceWasRemovedIsNotMadeAgain) {
  live_a_week();
  keep(made());
  ASSERT_TRUE(store_->begin_removal(now_, week_.since));
  EXPECT_EQ(status("/api/v1/reports/2026-W48?again=true"), 200) << "what is older is gone";
  ASSERT_TRUE(store_->begin_removal(now_, week_.since + std::chrono::hours(1)));
  EXPECT_EQ(status("/api/v1/reports/2026-W48?again=true"), 409);
  EXPECT_EQ(status("/api/v1/reports/2026-W48/content"), 200);
}

TEST_F(ReportsTest, OneThatIsMadeAgainIsSaidToBeTheSameOrNot) {
  live_a_week();
  keep(made());
  auto again = get("/api/v1/reports/2026-W48?again=true");
  EXPECT_EQ(again["is_same"], true);
  EXPECT_EQ(again["again_sha256"], again["sha256"]);
  // Somebody has changed the verdicts of then in the database.
  EvaluationChange change;
  change.mark = store_->mark(web_.id).value();
  change.mark.evaluated_at = week_.until - std::chrono::hours(1);
  change.findings.push_back(found("ACC-ROOT", "forged"));
  ASSERT_TRUE(store_->commit_evaluation(change));
  again = get("/api/v1/reports/2026-W48?again=true");
  EXPECT_EQ(again["is_same"], false);
  EXPECT_NE(again["again_sha256"], again["sha256"]);
}

}  // namespace
}  // namespace assay::collector::api
