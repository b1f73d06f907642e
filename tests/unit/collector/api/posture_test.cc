// hosts, findings, controls, frameworks, checks, whoami
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class PostureTest : public World {
 protected:
  // One host with a password policy of 10 and a second administrator, one in order.
  void SetUp() override {
    bad_.minlen = 10;
    bad_.roots = {"root", "toor"};
    (void)scan(bad_);  // the digests do not matter here
    (void)scan(good_);
  }
  Json control(const std::string& target, const std::string& id) {
    const auto page = get(target);
    for (const auto& item : page["items"])
      if (item["id"] == id) return item;
    return {};
  }

  Machine bad_ = enroll("bad");
  Machine good_ = enroll("good");
};

TEST_F(PostureTest, HostsShowTheirOpenFindings) {
  const auto hosts = get("/api/v1/hosts")["items"];
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_EQ(hosts[0]["name"], "bad");
  EXPECT_EQ(hosts[0]["open_findings"]["high"], 1);
  EXPECT_EQ(hosts[0]["open_findings"]["low"], 1);
  EXPECT_EQ(hosts[1]["open_findings"]["high"], 0);
  EXPECT_EQ(get("/api/v1/hosts/bad")["id"], bad_.id);
}

TEST_F(PostureTest, HostsCanBeAskedForAsTheyWereThen) {
  const auto then = time();
  const auto target = "/api/v1/hosts?as-of=" + then;
  const auto before = get(target);
  ASSERT_EQ(before["items"].size(), 2U);
  EXPECT_EQ(before["items"][0]["open_findings"]["high"], 1);
  EXPECT_EQ(before["items"][0]["name"], "bad");
  EXPECT_TRUE(before["items"][0]["scanned_at"].is_string());
  wait(std::chrono::hours(1));
  bad_.name = "better";
  bad_.minlen = 20;
  bad_.roots = {"root"};
  (void)scan(bad_);
  (void)enroll("new");
  ASSERT_TRUE(store_->revoke_host(good_.id, now_));
  EXPECT_EQ(get(target), before) << "whatever came since";
  EXPECT_EQ(get("/api/v1/hosts/" + bad_.id + "?as-of=" + then), before["items"][0]);
  EXPECT_EQ(get("/api/v1/hosts/" + bad_.id)["name"], "better");
  EXPECT_EQ(get("/api/v1/hosts/" + good_.id)["state"], "revoked");
  EXPECT_NE(refusal("/api/v1/hosts/new?as-of=" + then).find("was not enrolled at that time"),
            std::string::npos);
  EXPECT_EQ(status("/api/v1/hosts?as-of=soon"), 400);
}

TEST_F(PostureTest, PagesFollowOneAnother) {
  const auto first = get("/api/v1/hosts?limit=1");
  EXPECT_EQ(first["items"][0]["name"], "bad");
  ASSERT_TRUE(first["next"].is_string());
  const auto second = get("/api/v1/hosts?limit=1&cursor=" + first["next"].get<std::string>());
  EXPECT_EQ(second["items"][0]["name"], "good");
  EXPECT_TRUE(second["next"].is_null());
}

TEST_F(PostureTest, FindingsComeWorstFirstWithRowTitleAndRemedy) {
  const auto findings = get("/api/v1/findings")["items"];
  ASSERT_EQ(findings.size(), 2U);
  const auto& worst = findings[0];
  EXPECT_EQ(worst["check"], "PWD-LENGTH");
  EXPECT_EQ(worst["title"]["zh-TW"], "密碼可能過短");
  EXPECT_EQ(worst["row"]["value"], 10);
  EXPECT_EQ(worst["row"]["line"], 3);
  EXPECT_EQ(worst["frameworks"], Json({"strict"})) << "10 is enough for the mild one";
  EXPECT_EQ(worst["remedy"]["en"], "Set minlen.");
}

TEST_F(PostureTest, FindingsAreFiltered) {
  const auto count = [this](const std::string& query) {
    return get("/api/v1/findings?" + query)["items"].size();
  };
  EXPECT_EQ(count("host=bad"), 2U);
  EXPECT_EQ(count("host=" + good_.id), 0U);
  EXPECT_EQ(count("check=ACC-ROOT"), 1U);
  EXPECT_EQ(count("severity=medium"), 1U);
  EXPECT_EQ(count("framework=mild"), 0U);
  EXPECT_EQ(count("state=resolved"), 0U);
}

TEST_F(PostureTest, AFilterThatCannotMatchIsRefusedInsteadOfAnsweredWithNothing) {
  EXPECT_EQ(status("/api/v1/findings?host=nobody"), 404);
  EXPECT_EQ(status("/api/v1/findings?check=PWD-LENGHT"), 404);
  EXPECT_EQ(status("/api/v1/findings?framework=nist"), 404);
  EXPECT_EQ(status("/api/v1/findings?severity=urgent"), 400);
  EXPECT_EQ(status("/api/v1/findings?state=closed"), 400);
  EXPECT_EQ(status("/api/v1/findings?overdue=yes"), 400);
  EXPECT_EQ(status("/api/v1/findings?overdue=true&state=resolved"), 400);
  EXPECT_EQ(status("/api/v1/findings?as-of=soon"), 400);
}

TEST_F(PostureTest, AGraveFindingIsOverdueThirtyDaysAfterItAppearedOrCameBack) {
  const auto overdue = [this] { return get("/api/v1/findings?overdue=true")["items"]; };
  const auto grave = [this] { return get("/api/v1/findings?check=PWD-LENGTH")["items"][0]; };
  const auto opened = grave()["opened_at"];
  EXPECT_EQ(opened, grave()["first_seen"]);
  EXPECT_EQ(grave()["overdue"], false);
  EXPECT_TRUE(get("/api/v1/findings?check=ACC-ROOT")["items"][0]["close_by"].is_null());
  wait(std::chrono::days(30) + std::chrono::hours(2));
  ASSERT_EQ(overdue().size(), 1U) << "the one of severity medium has no such day";
  EXPECT_EQ(overdue()[0]["check"], "PWD-LENGTH");
  EXPECT_LT(overdue()[0]["close_by"].get<std::string>(), time());
  bad_.minlen = 12;
  (void)scan(bad_);
  EXPECT_TRUE(overdue().empty());
  bad_.minlen = 10;
  (void)scan(bad_);
  EXPECT_EQ(grave()["first_seen"], opened);
  EXPECT_EQ(grave()["opened_at"], time());
  EXPECT_TRUE(overdue().empty()) << "it counts anew";
}

TEST_F(PostureTest, FindingsCanBeAskedForAsOfThen) {
  const auto then = time();
  bad_.minlen = 12;
  (void)scan(bad_);
  EXPECT_EQ(get("/api/v1/findings?check=PWD-LENGTH")["items"].size(), 0U);
  EXPECT_EQ(get("/api/v1/findings?check=PWD-LENGTH&as-of=" + then)["items"].size(), 1U);
  EXPECT_EQ(get("/api/v1/findings?state=all&check=PWD-LENGTH")["items"][0]["state"], "resolved");
}

TEST_F(PostureTest, AControlOfTheFleetIsAsBadAsItsWorstHost) {
  const auto fleet = control("/api/v1/controls?framework=strict", "1");
  EXPECT_EQ(fleet["state"], "fail");
  EXPECT_EQ(fleet["hosts"], Json({{"pass", 1}, {"fail", 1}}));
  EXPECT_EQ(fleet["checks"], Json({"PWD-LENGTH"}));
  EXPECT_EQ(control("/api/v1/controls?framework=strict&host=good", "1")["state"], "pass");
  EXPECT_EQ(get("/api/v1/controls?framework=strict&state=pass")["items"].size(), 0U);
}

TEST_F(PostureTest, AControlSaysToWhomSinceWhenAndWhyNoCheckDecidesIt) {
  const auto limited = control("/api/v1/controls?framework=strict", "2");
  EXPECT_EQ(limited["applies_to"]["kinds"], Json({"internet-order"}));
  EXPECT_EQ(limited["applies_to"]["core_only"], true);
  EXPECT_EQ(limited["applies_to"]["words"]["zh-TW"], "網際網路下單證券商；核心資通系統");
  EXPECT_EQ(limited["effective"], "2022-01-31");
  EXPECT_EQ(limited["deadlines"],
            Json::parse(R"([{"for":{"en":"A","zh-TW":"甲"},"by":"2022-12-31"}])"));
  EXPECT_EQ(limited["not_mapped"]["en"], "N");
  const auto plain = control("/api/v1/controls?framework=strict", "1");
  for (const auto* name : {"applies_to", "effective", "not_mapped", "frequency"})
    EXPECT_TRUE(plain.at(name).is_null()) << name;
}

TEST_F(PostureTest, WhatIsNotAskedOfTheOrganisationDoesNotApplyAndIsNotCounted) {
  const auto limited = [this] { return control("/api/v1/controls?framework=strict", "2"); };
  const auto coverage = [this] {
    return get("/api/v1/frameworks")["items"][1]["coverage"].get<double>();
  };
  const auto before = limited();
  EXPECT_TRUE(before["not_addressed"].is_null()) << "what is not said lets nobody off";
  EXPECT_NE(before["state"], "not_applicable");
  const auto counted = coverage();
  service_->organisation.kinds.emplace();
  const auto after = limited();
  EXPECT_EQ(after["state"], "not_applicable");
  EXPECT_EQ(after["not_addressed"]["zh-TW"], "僅適用於網際網路下單證券商");
  EXPECT_NE(coverage(), counted);
  service_->organisation.kinds = {"internet-order"};
  EXPECT_EQ(limited()["state"], before["state"]);
}

TEST_F(PostureTest, WhatIsAskedOfCoreSystemsAppliesUnlessTheRegisterSaysThatAHostIsNone) {
  const auto of = [this](const std::string& host) {
    return control("/api/v1/controls?framework=strict&host=" + host, "2");
  };
  change("/api/v1/register/good", {{"fields", {{"is_core", "no"}}}});
  change("/api/v1/register/bad", {{"fields", {{"is_core", "yes"}}}});
  EXPECT_EQ(of("good")["state"], "not_applicable");
  EXPECT_EQ(of("good")["reason"], "only for core systems");
  EXPECT_NE(of("bad")["state"], "not_applicable");
}

TEST_F(PostureTest, AFrameworkShowsScoreAndCoverageOfHostsAndFleet) {
  const auto strict = get("/api/v1/frameworks")["items"][1];
  ASSERT_EQ(strict["id"], "strict");
  EXPECT_EQ(strict["score"], 0.5) << "2 of 4 pairs of host and control passed";
  EXPECT_EQ(strict["coverage"], 0.5) << "2 of the document's 4 controls were assessed";
  EXPECT_EQ(strict["hosts"][0]["score"], 0.0);
  EXPECT_EQ(strict["hosts"][1]["score"], 1.0);
}

TEST_F(PostureTest, AHostThatWasNeverJudgedNeverLooksGood) {
  (void)enroll("silent");
  EXPECT_EQ(control("/api/v1/controls?host=silent", "1")["state"], "unknown");
  EXPECT_NEAR(get("/api/v1/frameworks")["items"][1]["coverage"].get<double>(), 1.0 / 3, 1e-9);
}

TEST_F(PostureTest, AHostThatIsSilentForTooLongIsStaleAndNeverAPass) {
  wait(kStaleAfter);
  EXPECT_EQ(control("/api/v1/controls?framework=strict&host=good", "1")["state"], "pass")
      << "a week to the second";
  (void)scan(bad_);
  const auto stale = control("/api/v1/controls?framework=strict&host=good", "1");
  EXPECT_EQ(stale["state"], "stale");
  EXPECT_NE(stale["reason"].get<std::string>().find("no scan since 2026-11-20"), std::string::npos)
      << stale["reason"];
  EXPECT_EQ(control("/api/v1/controls?framework=strict", "1")["hosts"],
            Json({{"stale", 1}, {"fail", 1}}));
  const auto strict = get("/api/v1/frameworks")["items"][1];
  EXPECT_EQ(strict["stale_hosts"], 1);
  EXPECT_EQ(strict["hosts"][1]["stale"], true);
  EXPECT_TRUE(strict["hosts"][1]["score"].is_null());
  EXPECT_EQ(strict["coverage"], 0.25) << "half of one of two hosts";
  const auto then = "2026-11-20T04:00:00Z";
  EXPECT_EQ(control("/api/v1/controls?framework=strict&host=good&as-of=" + std::string(then),
                    "1")["state"],
            "pass")
      << "then it was fresh";
}

TEST_F(PostureTest, GroupsAndHostsAreRolledUpApart) {
  change("/api/v1/register/good", {{"groups", {"web"}}});
  const auto of = [this](const std::string& query) {
    Json out = Json::object();
    const auto page = get("/api/v1/posture?framework=strict&" + query);
    for (const auto& item : page["items"])
      out[item["name"].is_null() ? "-" : item["name"].get<std::string>()] = item["score"];
    return out;
  };
  EXPECT_EQ(of("by=host"), Json({{"bad", 0.0}, {"good", 1.0}}));
  EXPECT_EQ(of("by=group"), Json({{"-", 0.0}, {"web", 1.0}}));
  EXPECT_EQ(of(""), Json({{"-", 0.5}}));
  EXPECT_EQ(of("by=host&group=web"), Json({{"good", 1.0}}));
  EXPECT_EQ(get("/api/v1/frameworks?group=web")["items"][1]["score"], 1.0);
  EXPECT_EQ(control("/api/v1/controls?framework=strict&group=web", "1")["state"], "pass");
  EXPECT_EQ(status("/api/v1/frameworks?group=nobody"), 404);
  EXPECT_EQ(status("/api/v1/posture?by=colour"), 400);
  EXPECT_EQ(status("/api/v1/posture?framework=nist"), 404);
}

TEST_F(PostureTest, CadenceCountsPeriodsWithEvidence) {
  // What has no frequency is not listed: of the world's controls only the second of each has one.
  for (const auto& item : get("/api/v1/cadence")["items"]) EXPECT_EQ(item["id"], "2");
  set_frequency("monthly");
  const auto cadence = [this](const std::string& query) {
    return get("/api/v1/cadence?framework=strict" + query)["items"][0];
  };
  EXPECT_EQ(cadence("")["with_evidence"], 0) << "all that there is is of this month";
  EXPECT_EQ(cadence("")["of"], 12);
  EXPECT_EQ(cadence("")["present"]["has_evidence"], true);
  wait(std::chrono::days(12));  // December
  EXPECT_EQ(cadence("")["with_evidence"], 1);
  EXPECT_EQ(cadence("")["periods"][11]["name"], "2026-11");
  (void)scan(good_);
  wait(std::chrono::days(31));  // January
  const auto now = cadence("");
  EXPECT_EQ(now["with_evidence"], 1);
  EXPECT_EQ(now["periods"][11]["missing"], 1);
  EXPECT_EQ(now["periods"][11]["missing_hosts"][0]["name"], "bad");
  EXPECT_EQ(cadence("&host=good")["with_evidence"], 2);
  EXPECT_EQ(status("/api/v1/cadence?framework=nist"), 404);
  service_->organisation.kinds.emplace();
  const auto all = get("/api/v1/cadence?framework=strict")["items"];
  EXPECT_EQ(all[1]["id"], "2");
  EXPECT_EQ(all[1]["periods"][11]["missing"], 0) << "nothing is asked of them";
}

TEST_F(PostureTest, AChecksRuleIsShown) {
  EXPECT_NE(get("/api/v1/checks/PWD-LENGTH")["query"].get<std::string>().find("SELECT"),
            std::string::npos);
  EXPECT_EQ(get("/api/v1/checks")["items"].size(), 4U);
  EXPECT_EQ(status("/api/v1/checks/NO-SUCH"), 404);
}

TEST_F(PostureTest, WhoAmISaysWhoAndWhichCollector) {
  const auto who = get("/api/v1/whoami");
  EXPECT_EQ(who["name"], "Mei-ling");
  EXPECT_EQ(who["role"], "auditor");
  EXPECT_EQ(who["collector"]["time"], time());
}

}  // namespace
}  // namespace assay::collector::api
