// One question put to the tables of every host.
#include "collector/search/fleet_search.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class QueryTest : public World {
 protected:
  Json ask(const Json& question, Role role = Role::kAuditor) {
    const auto response = post("/api/v1/query", role, question.dump());
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body);
  }
  std::string refused(const Json& question, int status = 400) {
    const auto response = post("/api/v1/query", Role::kAuditor, question.dump());
    EXPECT_EQ(response.status, status) << response.body;
    return Json::parse(response.body)["error"]["message"];
  }
  Machine scanned(const std::string& name, std::vector<std::string> packages) {
    auto machine = enroll(name);
    machine.packages = std::move(packages);
    (void)scan(machine);
    return machine;
  }
};

Json names_of(const Json& hosts) {
  Json names = Json::array();
  for (const auto& host : hosts) names.push_back(host["name"]);
  return names;
}

constexpr auto kOpenssl = "SELECT name, version FROM deb_packages WHERE name = 'openssl'";

TEST_F(QueryTest, HostsWithEqualTablesAreAskedOnceAndNamedTogether) {
  for (const auto* name : {"web-1", "web-2", "web-3"}) (void)scanned(name, {"openssl"});
  (void)scanned("db-1", {"openssl", "postgresql"});
  (void)scanned("mail-1", {"postfix"});
  const auto answer = ask({{"sql", kOpenssl}});
  EXPECT_EQ(answer["columns"], Json({"name", "version"}));
  EXPECT_EQ(answer["tables"], Json({"deb_packages"}));
  ASSERT_EQ(answer["items"].size(), 2U) << answer;
  EXPECT_EQ(names_of(answer["items"][0]["hosts"]), Json({"web-1", "web-2", "web-3"}));
  EXPECT_EQ(answer["items"][0]["rows"][0][0], "openssl");
  EXPECT_EQ(names_of(answer["items"][1]["hosts"]), Json({"db-1"}));
  EXPECT_EQ(answer["distinct"], 3);
  EXPECT_EQ(answer["hosts"]["asked"], 5);
  EXPECT_EQ(answer["hosts"]["with_rows"], 4);
  EXPECT_EQ(answer["hosts"]["without_rows"], 1);
  EXPECT_EQ(answer["hosts"]["not_answered"], 0);
  EXPECT_EQ(answer["is_cut"], false);
}

TEST_F(QueryTest, WhoCannotBeAskedIsSaidWithTheReasonAndIsNoNo) {
  (void)scanned("web-1", {"nginx"});
  auto shadowed = enroll("db-1");
  shadowed.shadowed = "permission_denied: /etc/pam.d";
  (void)scan(shadowed);
  (void)enroll("new-1");
  const auto answer = ask({{"sql", "SELECT * FROM password_policy WHERE value < 8"}});
  EXPECT_EQ(answer["items"].size(), 0U);
  EXPECT_EQ(answer["hosts"]["without_rows"], 1);
  EXPECT_EQ(answer["hosts"]["not_answered"], 2);
  ASSERT_EQ(answer["not_answered"].size(), 2U) << answer;
  std::string all = answer["not_answered"].dump();
  EXPECT_NE(all.find("password_policy: permission_denied: /etc/pam.d"), std::string::npos) << all;
  EXPECT_NE(all.find("it has not sent a snapshot yet"), std::string::npos) << all;
}

TEST_F(QueryTest, ReadsSeveralTablesAndReferenceDataTogether) {
  auto machine = scanned("web-1", {"openssl"});
  const auto both =
      ask({{"sql",
            "SELECT d.name, u.username, c.today FROM deb_packages d, users u, clock c "
            "ORDER BY u.username"}});
  ASSERT_EQ(both["items"].size(), 1U) << both;
  EXPECT_EQ(both["items"][0]["rows"][0][1], "root");
  EXPECT_EQ(both["items"][0]["rows"][0][2], time().substr(0, 10));
  EXPECT_EQ(both["tables"], Json({"deb_packages", "users"}));
  const auto named = ask({{"sql",
                           "SELECT d.name, c.vendor FROM deb_packages d "
                           "JOIN cpe_products c ON c.package = d.name"}});
  EXPECT_EQ(named["items"][0]["rows"][0][1], "openssl") << named;
  EXPECT_EQ(refused({{"sql", "SELECT d.name FROM deb_packages d JOIN allowlist a USING (name)"}}),
            "allowlist: nothing has been approved yet");
}

TEST_F(QueryTest, AsOfAnEarlierMomentTheTablesOfThenAnswer) {
  auto machine = scanned("web-1", {"openssl"});
  const auto then = time();
  wait(std::chrono::hours(48));
  machine.packages = {"nginx"};
  (void)scan(machine);
  EXPECT_EQ(ask({{"sql", kOpenssl}})["hosts"]["with_rows"], 0);
  const auto past = ask({{"sql", kOpenssl}, {"as-of", then}});
  EXPECT_EQ(past["hosts"]["with_rows"], 1) << past;
  EXPECT_EQ(past["as_of"], then);
  // Before it was enrolled it was no part of the fleet.
  EXPECT_EQ(ask({{"sql", kOpenssl}, {"as-of", "2026-11-19"}})["hosts"]["asked"], 0);
}

TEST_F(QueryTest, OnlyTheHostsThatAreNamedAreAsked) {
  (void)scanned("web-1", {"openssl"});
  (void)scanned("web-2", {"openssl"});
  EXPECT_EQ(ask({{"sql", kOpenssl}, {"hosts", Json({"web-2"})}})["hosts"]["asked"], 1);
  (void)change("/api/v1/register/web-2", {{"groups", {"dmz"}}});
  const auto group = ask({{"sql", kOpenssl}, {"groups", Json({"dmz"})}});
  EXPECT_EQ(names_of(group["items"][0]["hosts"]), Json({"web-2"}));
  EXPECT_EQ(refused({{"sql", kOpenssl}, {"groups", Json({"dzm"})}}, 404),
            "no host is in group dzm");
}

TEST_F(QueryTest, AHostThatWasSentAwayIsNotAskedAnyMoreButItsPastIs) {
  const auto machine = scanned("web-1", {"openssl"});
  const auto then = time();
  ASSERT_TRUE(store_->revoke_host(machine.id, now_));
  EXPECT_EQ(ask({{"sql", kOpenssl}})["hosts"]["asked"], 0);
  EXPECT_EQ(ask({{"sql", kOpenssl}, {"as-of", then}})["hosts"]["with_rows"], 1);
}

TEST_F(QueryTest, AHostThatIsNotHeardOfIsNamed) {
  (void)scanned("web-1", {"openssl"});
  EXPECT_EQ(ask({{"sql", kOpenssl}})["hosts"]["stale"].size(), 0U);
  wait(kStaleAfter + std::chrono::hours(1));
  EXPECT_EQ(names_of(ask({{"sql", kOpenssl}})["hosts"]["stale"]), Json({"web-1"}));
}

TEST_F(QueryTest, RowsPastTheLimitAreCountedAndThatIsSaid) {
  (void)scanned("web-1", {"a", "b", "c"});
  (void)scanned("web-2", {"d", "e"});
  const auto answer = ask({{"sql", "SELECT name FROM deb_packages"}, {"limit", 2}});
  EXPECT_EQ(answer["is_cut"], true);
  std::size_t shown = 0;
  std::int64_t counted = 0;
  for (const auto& item : answer["items"]) {
    shown += item["rows"].size();
    counted += item["row_count"].get<std::int64_t>();
  }
  EXPECT_EQ(shown, 2U);
  EXPECT_EQ(counted, 5);
  EXPECT_EQ(answer["hosts"]["with_rows"], 2);
}

TEST_F(QueryTest, RefusesWhatIsNoQuestion) {
  (void)scanned("web-1", {"openssl"});
  EXPECT_NE(refused({{"sql", "SELECT nme FROM deb_packages"}}).find("no such column: nme"),
            std::string::npos);
  (void)refused({{"sql", "DELETE FROM deb_packages"}});
  EXPECT_EQ(refused({{"sql", "SELECT 1"}}), "the query reads no table of a host");
  EXPECT_EQ(refused({{"sql", ""}}), "sql: one SELECT");
  EXPECT_EQ(refused({{"sql", std::string(40'000, 'x')}}), "sql: over 32 KiB");
  EXPECT_EQ(refused({{"sql", kOpenssl}, {"limit", 0}}), "limit: a number of 1 to 10000");
  EXPECT_EQ(refused({{"sql", kOpenssl}, {"limit", "many"}}), "limit: a number of 1 to 10000");
  (void)refused({{"sql", kOpenssl}, {"host", "web-1"}});
  (void)refused({{"sql", "SELECT * FROM secrets"}});
  (void)refused({{"sql", "SELECT random() FROM deb_packages"}});
  (void)refused({{"sql", "SELECT * FROM deb_packages; SELECT 1"}});
  (void)refused({{"sql", kOpenssl}, {"hosts", Json({"nobody"})}}, 404);
}

TEST_F(QueryTest, AQuestionThatNeverEndsIsGivenUp) {
  (void)scanned("web-1", {"openssl"});
  const auto message =
      refused({{"sql",
                "WITH RECURSIVE n(i) AS (SELECT 1 FROM deb_packages UNION ALL SELECT i + 1 FROM n) "
                "SELECT count(*) FROM n"}},
              413);
  EXPECT_NE(message.find("steps"), std::string::npos) << message;
}

TEST_F(QueryTest, IsGivenUpWhenNobodyWaitsAnyMore) {
  const auto machine = scanned("web-1", {"openssl"});
  FleetSearch search(*store_);
  FleetQuestion question;
  question.sql = kOpenssl;
  question.now = now_;
  ASSERT_TRUE(search.ask(*service_->content, question));
  question.is_abandoned = [] { return true; };
  const auto abandoned = search.ask(*service_->content, question);
  ASSERT_FALSE(abandoned);
  EXPECT_EQ(abandoned.error().code(), Code::kUnavailable);
}

TEST_F(QueryTest, ManySetsAreAskedAtOnceAndAnsweredInTheirOrder) {
  constexpr std::size_t kHosts = 40;
  for (std::size_t i = 0; i < kHosts; ++i)
    (void)scanned("web-" + std::to_string(100 + i), {"openssl", "package-" + std::to_string(i)});
  FleetQuestion question;
  question.sql = "SELECT name FROM deb_packages";
  question.now = now_;
  question.most_rows = 25;
  std::vector<std::string> before;
  for (int round = 0; round < 3; ++round) {
    FleetSearch search(*store_);
    const auto answer = search.ask(*service_->content, question);
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(answer->distinct, static_cast<std::int64_t>(kHosts));
    EXPECT_TRUE(answer->is_cut);
    std::vector<std::string> rows;
    std::int64_t all = 0;
    for (const auto& hit : answer->hits) {
      all += hit.row_count;
      for (const auto& row : hit.rows)
        rows.push_back(hit.hosts.at(0).name + " " + evidence::to_text(row.at(0)));
    }
    EXPECT_EQ(rows.size(), question.most_rows);
    EXPECT_EQ(all, static_cast<std::int64_t>(2 * kHosts));
    if (round > 0) {
      EXPECT_EQ(rows, before);
    }
    before = std::move(rows);
  }
}

TEST_F(QueryTest, WhatWasReadAheadIsNotReadForAQuestion) {
  for (const auto* name : {"web-1", "web-2"}) (void)scanned(name, {"openssl"});
  FleetSearch search(*store_);
  ASSERT_TRUE(search.read_ahead({}));
  const auto read = store_->meter().counts().at("snapshot").calls;
  FleetQuestion question;
  question.sql = kOpenssl;
  question.now = now_;
  const auto answer = search.ask(*service_->content, question);
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->asked, 2);
  EXPECT_EQ(store_->meter().counts().at("snapshot").calls, read);
}

}  // namespace
}  // namespace assay::collector::api
