// /api/v1/waivers, and what a waiver changes in every other answer.
#include "collector/api/records.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

const Person kLin{"token-lin", "Lin", Role::kOperator};
const Person kMei{"token-mei", "Mei", Role::kAdmin};

class WaiversTest : public World {
 protected:
  // Two hosts that fail PWD-LENGTH under "strict"; one of them has two more administrators.
  void SetUp() override {
    web_.minlen = db_.minlen = 10;
    web_.roots = {"root", "toor", "admin"};
    (void)scan(web_);  // the digests do not matter here
    (void)scan(db_);
  }
  static Json wish(const Json& scope, const std::string& until = "2026-12-10") {
    Json body = {{"reason", "To be replaced"}, {"measure", "Bastion only"}, {"until", until}};
    body.update(scope);
    return body;
  }
  ApiResponse ask(const Json& body, const Person& person = kLin) {
    return send(Method::kPost, "/api/v1/waivers", body.dump(), person);
  }
  ApiResponse act(const std::string& id, const std::string& verb, const Person& person = kMei,
                  const std::string& body = "") {
    return send(Method::kPost, "/api/v1/waivers/" + id + "/" + verb, body, person);
  }
  // The id of a waiver that is in force from now on.
  std::string waive(const Json& scope, const std::string& until = "2026-12-10") {
    const auto asked = ask(wish(scope, until));
    EXPECT_EQ(asked.status, 201) << asked.body;
    const auto id = Json::parse(asked.body)["id"].get<std::string>();
    const auto approved = act(id, "approve");
    EXPECT_EQ(approved.status, 200) << approved.body;
    return id;
  }
  std::size_t count(const std::string& query) {
    return get("/api/v1/findings?" + query)["items"].size();
  }
  std::string state_of(const std::string& id, const std::string& query = "") {
    const auto page = get("/api/v1/controls?framework=strict" + query);
    for (const auto& item : page["items"])
      if (item["id"] == id) return item["state"];
    return "";
  }
  static std::string message(const ApiResponse& response) {
    return Json::parse(response.body)["error"]["message"];
  }
  // The register says that a host is in these groups from now on.
  void put_in(const std::string& host, const Json& groups) {
    (void)change("/api/v1/register/" + host, {{"groups", groups}});
  }
  // Moves the clock to a moment.
  void at(const std::string& when) { now_ = evidence::from_timestamp(when).value(); }

  Machine web_ = enroll("web");
  Machine db_ = enroll("db");
};

TEST_F(WaiversTest, ItIsRequestedApprovedAndShown) {
  const auto asked = ask(wish({{"check", "PWD-LENGTH"}, {"hosts", {"web"}}}));
  ASSERT_EQ(asked.status, 201) << asked.body;
  const auto waiver = Json::parse(asked.body);
  EXPECT_EQ(waiver["id"], "W-1");
  EXPECT_EQ(waiver["state"], "requested");
  EXPECT_EQ(waiver["hosts"][0]["name"], "web");
  EXPECT_EQ(waiver["requester"]["name"], "Lin");
  EXPECT_TRUE(waiver["approver"].is_null());
  EXPECT_EQ(asked.subject, "W-1 PWD-LENGTH until 2026-12-10");
  EXPECT_EQ(count("check=PWD-LENGTH"), 2U) << "a request changes nothing";
  EXPECT_EQ(get("/api/v1/waivers/W-1")["findings"], 1) << "what the approver agrees to";

  wait(std::chrono::hours(1));
  EXPECT_EQ(act("W-1", "approve", kMei, R"({"note":"as in change 118"})").status, 200);
  const auto shown = get("/api/v1/waivers/W-1");
  EXPECT_EQ(shown["state"], "approved");
  EXPECT_EQ(shown["approver"]["name"], "Mei");
  EXPECT_EQ(shown["approved_at"], time());
  EXPECT_EQ(shown["days_left"], 20);
  EXPECT_EQ(shown["history"][1]["note"], "as in change 118");
  EXPECT_EQ(get("/api/v1/waivers")["items"].size(), 1U);
}

TEST_F(WaiversTest, AWaivedFindingIsShownAsWaivedAndNeverHidden) {
  (void)waive({{"check", "PWD-LENGTH"}, {"hosts", {"web"}}});
  EXPECT_EQ(count("check=PWD-LENGTH"), 1U);
  EXPECT_EQ(count("check=PWD-LENGTH&state=open"), 1U);
  EXPECT_EQ(count("check=PWD-LENGTH&state=all"), 2U);
  const auto waived = get("/api/v1/findings?state=waived")["items"];
  ASSERT_EQ(waived.size(), 1U);
  EXPECT_EQ(waived[0]["state"], "waived");
  EXPECT_EQ(waived[0]["host"]["name"], "web");
  EXPECT_EQ(waived[0]["waivers"][0]["id"], "W-1");
  EXPECT_EQ(waived[0]["waivers"][0]["until"], "2026-12-10");
  EXPECT_EQ(waived[0]["waivers"][0]["approver"], "Mei");
  EXPECT_EQ(waived[0]["waivers"][0]["reason"], "To be replaced");
}

TEST_F(WaiversTest, AControlIsWaivedWhenAllOfItsViolationsAre) {
  (void)waive({{"check", "PWD-LENGTH"}, {"hosts", {"web"}}});
  EXPECT_EQ(state_of("1", "&host=web"), "waived");
  EXPECT_EQ(state_of("1", "&host=db"), "fail");
  EXPECT_EQ(state_of("1"), "fail") << "the fleet is as its worst host";
  const auto controls = get("/api/v1/controls?framework=strict")["items"];
  EXPECT_EQ(controls[0]["hosts"], Json({{"waived", 1}, {"fail", 1}}));
  EXPECT_EQ(controls[0]["waivers"][0]["id"], "W-1");
  (void)waive({{"check", "PWD-LENGTH"}, {"hosts", {"db"}}});
  EXPECT_EQ(state_of("1"), "waived");
  EXPECT_EQ(get("/api/v1/controls?state=waived")["items"].size(), 1U);
}

TEST_F(WaiversTest, WaivedIsNeitherPassNorFailAndIsCounted) {
  const auto before = get("/api/v1/frameworks?host=web")["items"][1];
  EXPECT_EQ(before["score"], 0.0);
  EXPECT_EQ(before["coverage"], 0.5);
  (void)waive({{"check", "PWD-LENGTH"}});
  const auto after = get("/api/v1/frameworks?host=web")["items"][1];
  EXPECT_EQ(after["score"], 0.0) << "the other control still fails";
  EXPECT_EQ(after["coverage"], 0.25) << "waiving does not look at more";
  EXPECT_EQ(after["controls"]["waived"], 1);
  (void)waive({{"check", "ACC-ROOT"}});
  EXPECT_TRUE(get("/api/v1/frameworks?host=web")["items"][1]["score"].is_null())
      << "never 100 by waiving everything";
}

TEST_F(WaiversTest, OneFindingIsWaivedAloneAndTheRestKeepsFailing) {
  const auto findings = get("/api/v1/findings?check=ACC-ROOT")["items"];
  ASSERT_EQ(findings.size(), 2U);
  const auto id = findings[0]["id"].get<std::string>();
  (void)waive({{"finding", id.substr(0, 12)}});
  EXPECT_EQ(count("check=ACC-ROOT"), 1U);
  EXPECT_EQ(state_of("2", "&host=web"), "fail");
  (void)waive({{"finding", findings[1]["id"]}});
  EXPECT_EQ(count("check=ACC-ROOT"), 0U);
  EXPECT_EQ(state_of("2", "&host=web"), "waived");
  web_.roots.emplace_back("third");
  (void)scan(web_);
  EXPECT_EQ(count("check=ACC-ROOT"), 1U) << "a new one is not covered";
  EXPECT_EQ(state_of("2", "&host=web"), "fail");
}

TEST_F(WaiversTest, AWaiverForOneFrameworkIsOfNoUseToTheOther) {
  web_.minlen = 6;  // too short for both
  (void)scan(web_);
  (void)waive({{"check", "PWD-LENGTH"}, {"hosts", {"web"}}, {"frameworks", {"mild"}}});
  EXPECT_EQ(count("host=web&check=PWD-LENGTH"), 1U) << "still open for the strict one";
  const auto item = get("/api/v1/findings?host=web&check=PWD-LENGTH")["items"][0];
  EXPECT_EQ(item["waivers"][0]["id"], "W-1") << "and what covers it in part is shown";
  EXPECT_EQ(count("host=web&framework=mild"), 0U);
  EXPECT_EQ(count("host=web&framework=mild&state=waived"), 1U);
  EXPECT_EQ(state_of("1", "&host=web"), "fail");
  EXPECT_EQ(get("/api/v1/controls?framework=mild&host=web")["items"][0]["state"], "waived");
}

TEST_F(WaiversTest, ItEndsByItselfAndWhatWasInForceThenStaysKnown) {
  (void)waive({{"check", "PWD-LENGTH"}}, "2026-11-25");
  at("2026-11-25T23:59:59Z");
  EXPECT_EQ(count("check=PWD-LENGTH"), 0U);
  EXPECT_EQ(state_of("1"), "waived");
  at("2026-11-26T00:00:00Z");
  EXPECT_EQ(count("check=PWD-LENGTH"), 2U) << "open again, and nobody had to act";
  EXPECT_EQ(state_of("1"), "fail");
  EXPECT_EQ(get("/api/v1/waivers/W-1")["state"], "ended");
  EXPECT_EQ(count("check=PWD-LENGTH&as-of=2026-11-25T23:59:59Z"), 0U);
  EXPECT_EQ(count("check=PWD-LENGTH&state=waived&as-of=2026-11-25T23:59:59Z"), 2U);
  EXPECT_EQ(state_of("1", "&as-of=2026-11-25"), "waived");
  EXPECT_EQ(get("/api/v1/waivers?state=approved&as-of=2026-11-25")["items"].size(), 1U);
  EXPECT_EQ(get("/api/v1/waivers?state=approved")["items"].size(), 0U);
  EXPECT_EQ(act("W-1", "revoke").status, 409) << "it has ended";
}

TEST_F(WaiversTest, AGroupIsCoveredAsItIsAndLeavingItOpensTheFindingAgain) {
  put_in("web", {"dmz"});
  const auto id = waive({{"check", "PWD-LENGTH"}, {"groups", {"dmz"}}});
  EXPECT_EQ(get("/api/v1/waivers/" + id)["groups"], Json({"dmz"}));
  EXPECT_EQ(get("/api/v1/waivers/" + id)["findings"], 1);
  EXPECT_EQ(count("check=PWD-LENGTH"), 1U);
  EXPECT_EQ(state_of("1", "&host=web"), "waived");
  EXPECT_EQ(state_of("1", "&host=db"), "fail");
  EXPECT_EQ(get("/api/v1/waivers?host=web")["items"].size(), 1U);
  EXPECT_EQ(get("/api/v1/waivers?host=db")["items"].size(), 0U);
  const auto before = time();

  wait(std::chrono::hours(1));
  put_in("db", {"branch", "dmz"});
  EXPECT_EQ(count("check=PWD-LENGTH"), 0U) << "who joins is covered";
  wait(std::chrono::hours(1));
  put_in("db", Json::array());
  put_in("web", {"office"});
  EXPECT_EQ(count("check=PWD-LENGTH"), 2U) << "who leaves is not, and nobody had to act";
  EXPECT_EQ(state_of("1", "&host=web"), "fail");
  EXPECT_EQ(count("check=PWD-LENGTH&as-of=" + before), 1U) << "as it was then";
  EXPECT_EQ(get("/api/v1/diff?from=" + before + "&to=" + time())["summary"]["waiver_ended"], 1);
  EXPECT_EQ(get("/api/v1/waivers?host=web")["items"].size(), 0U);
  EXPECT_EQ(get("/api/v1/waivers?host=web&as-of=" + before)["items"].size(), 1U);
}

TEST_F(WaiversTest, ALongListOfHostsIsTakenByIdAndByName) {
  Json names = Json::array({web_.id, "db"});
  for (int i = 0; i < 20; ++i) {
    const auto host = enroll("branch-" + std::to_string(i));
    names.push_back(i % 2 == 0 ? host.id : host.name);
  }
  const auto id = waive({{"check", "PWD-LENGTH"}, {"hosts", names}});
  EXPECT_EQ(get("/api/v1/waivers/" + id)["hosts"].size(), 22U);
  EXPECT_EQ(get("/api/v1/waivers/" + id)["host_count"], 22);
  EXPECT_EQ(count("check=PWD-LENGTH"), 0U);
  (void)enroll("branch-7");
  EXPECT_EQ(ask(wish({{"check", "PWD-LENGTH"}, {"hosts", names}})).status, 409) << "which of both?";
  for (std::size_t i = 0; names.size() < kMaxRecordHosts; ++i)
    names.push_back("nobody-" + std::to_string(100'000 + i));
  EXPECT_EQ(ask(wish({{"check", "PWD-LENGTH"}, {"hosts", names}})).status, 409);
  names.push_back("one more");
  const auto refused = ask(wish({{"check", "PWD-LENGTH"}, {"hosts", names}}));
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(message(refused).find("more than 10000"), std::string::npos) << refused.body;
}

TEST_F(WaiversTest, AListNamesTheFirstHostsAndCountsAll) {
  Waiver waiver;
  waiver.scope.check_id = "PWD-LENGTH";
  for (int i = 0; i < 10'000; ++i) waiver.scope.hosts.push_back("h-" + std::to_string(10'000 + i));
  waiver.reason = waiver.measure = "x";
  waiver.requester = {"token-lin", "Lin"};
  waiver.requested_at = now_;
  waiver.until = "2026-12-10";
  ASSERT_TRUE(store_->add_waiver(waiver));
  const auto item = get("/api/v1/waivers")["items"][0];
  EXPECT_EQ(item["hosts"].size(), kMostHostsInList);
  EXPECT_EQ(item["host_count"], 10'000);
  EXPECT_EQ(get("/api/v1/waivers/W-1")["hosts"].size(), 10'000U);
}

TEST_F(WaiversTest, ItIsRevokedAtOnceAndTheDiffSaysSo) {
  const auto before = time();
  wait(std::chrono::hours(1));
  (void)waive({{"check", "PWD-LENGTH"}});
  const auto waived_at = time();
  wait(std::chrono::hours(1));
  EXPECT_EQ(act("W-1", "revoke", kLin).status, 200) << "to be stricter needs one person";
  EXPECT_EQ(count("check=PWD-LENGTH"), 2U);
  const auto waived = get("/api/v1/diff?from=" + before + "&to=" + waived_at);
  EXPECT_EQ(waived["summary"]["waived"], 2);
  EXPECT_EQ(waived["waived"][0]["waivers"][0]["id"], "W-1");
  EXPECT_EQ(waived["summary"]["unchanged"], 4) << "and all of it is still there";
  const auto ended = get("/api/v1/diff?from=" + waived_at + "&to=" + time());
  EXPECT_EQ(ended["summary"]["waiver_ended"], 2);
  EXPECT_EQ(ended["summary"]["waived"], 0);
}

TEST_F(WaiversTest, NobodyApprovesTheirOwn) {
  Person lin_as_admin{"token-lin-2", "lin", Role::kAdmin};
  EXPECT_EQ(ask(wish({{"check", "PWD-LENGTH"}})).status, 201);
  const auto refused = act("W-1", "approve", lin_as_admin);
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_NE(message(refused).find("somebody else"), std::string::npos);
  EXPECT_EQ(act("W-1", "approve").status, 200);
  EXPECT_EQ(act("W-1", "approve").status, 409);
}

TEST_F(WaiversTest, RolesAreKept) {
  const Person auditor{"token-a", "Auditor", Role::kAuditor};
  EXPECT_EQ(ask(wish({{"check", "PWD-LENGTH"}}), auditor).status, 403);
  EXPECT_EQ(ask(wish({{"check", "PWD-LENGTH"}})).status, 201);
  const Person another{"token-o", "Another", Role::kOperator};
  EXPECT_EQ(act("W-1", "approve", another).status, 403);
  EXPECT_EQ(act("W-1", "reject", another).status, 403);
  EXPECT_EQ(act("W-1", "revoke", auditor).status, 403);
  EXPECT_EQ(get("/api/v1/waivers")["items"].size(), 1U) << "an auditor reads all";
  EXPECT_EQ(act("W-1", "reject").status, 200);
  EXPECT_EQ(get("/api/v1/waivers?state=rejected")["items"].size(), 1U);
  EXPECT_EQ(act("W-2", "approve").status, 404);
}

TEST_F(WaiversTest, ARequestThatWouldNeverFitIsRefused) {
  const auto refused = [this](const Json& body, int status, const std::string& words) {
    const auto response = ask(body);
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_NE(response.body.find(words), std::string::npos) << response.body;
  };
  refused(wish({{"check", "PWD-LENGHT"}}), 404, "no check");
  refused(wish({{"check", "PWD-LENGTH"}, {"hosts", {"nobody"}}}), 404, "no host");
  refused(wish({{"check", "PWD-LENGTH"}, {"frameworks", {"nist"}}}), 404, "no framework");
  refused(wish({{"check", "ACC-ROOT"}, {"frameworks", {"mild"}}}), 400, "does not ask for");
  refused(wish({{"finding", "0123456789abcdef"}}), 404, "no finding");
  refused(wish({{"finding", "x"}}), 400, "finding:");
  refused(wish(Json::object()), 400, "either a check or a finding");
  refused(wish({{"check", "PWD-LENGTH"}, {"untill", "x"}}), 400, "did you mean");
  refused(wish({{"check", 7}}), 400, "check: is no text");
  refused(wish({{"check", "PWD-LENGTH"}, {"hosts", "web"}}), 400, "hosts: is no list");
  refused(wish({{"check", "PWD-LENGTH"}, {"groups", {"dmz"}}}), 404, "no host is in group dmz");
  const auto id = get("/api/v1/findings?host=web")["items"][0]["id"];
  refused(wish({{"finding", id}, {"hosts", {"db"}}}), 400, "another host");
  put_in("web", {"dmz"});
  refused(wish({{"finding", id}, {"groups", {"dmz"}}}), 400, "a finding is of one host");
  EXPECT_EQ(get("/api/v1/waivers")["items"].size(), 0U);
}

TEST_F(WaiversTest, HostileTextsAreBoundedAndKeptAsTheyAre) {
  auto body = wish({{"check", "PWD-LENGTH"}});
  body["reason"] = std::string(20'000, 'x');
  EXPECT_EQ(ask(body).status, 400);
  body["reason"] = std::string(1'100'000, 'x');
  EXPECT_EQ(ask(body).status, 413) << "before it is parsed";
  for (const auto* bad : {"", "tomorrow", "2026-13-01", "2026-02-30", "2026-11-19", "2028-01-01",
                          "2026-12-10T00:00:00Z", "99999-01-01"}) {
    EXPECT_EQ(ask(wish({{"check", "PWD-LENGTH"}}, bad)).status, 400) << bad;
  }
  for (const auto* bad :
       {"[]", "7", "{", "nonsense", "\"\\ud800\"", "\xff\xfe", "{\"check\":\"\xff\"}"})
    EXPECT_EQ(send(Method::kPost, "/api/v1/waivers", bad, kLin).status, 400) << bad;
  body["reason"] = std::string("a\0b", 3);
  EXPECT_EQ(ask(body).status, 400);
  const std::string markup = "=HYPERLINK(\"http://x\",\"y\") <script>alert(1)</script> \x1b[31m";
  body["reason"] = markup;
  ASSERT_EQ(ask(body).status, 201);
  EXPECT_EQ(get("/api/v1/waivers/W-1")["reason"], markup);
}

TEST_F(WaiversTest, TheListIsFiltered) {
  (void)waive({{"check", "PWD-LENGTH"}, {"hosts", {"web"}}}, "2026-11-30");
  (void)waive({{"check", "ACC-ROOT"}}, "2027-01-31");
  ASSERT_EQ(ask(wish({{"check", "ACC-ROOT"}}, "2026-11-28")).status, 201);
  const auto ids = [this](const std::string& query) {
    std::string out;
    const auto page = get("/api/v1/waivers?" + query);
    for (const auto& item : page["items"]) out += item["id"].get<std::string>() + " ";
    return out;
  };
  EXPECT_EQ(ids(""), "W-3 W-2 W-1 ");
  EXPECT_EQ(ids("state=requested"), "W-3 ");
  EXPECT_EQ(ids("check=ACC-ROOT"), "W-3 W-2 ");
  EXPECT_EQ(ids("host=db"), "W-3 W-2 ");
  EXPECT_EQ(ids("expiring=30"), "W-1 ") << "in force, and soon over";
  EXPECT_EQ(ids("expiring=9"), "");
  EXPECT_EQ(ids("expiring=10"), "W-1 ");
  EXPECT_EQ(ids("limit=1"), "W-3 ");
  EXPECT_EQ(status("/api/v1/waivers?state=open"), 400);
  EXPECT_EQ(status("/api/v1/waivers?expiring=soon"), 400);
  EXPECT_EQ(status("/api/v1/waivers?expiring=-1"), 400);
  EXPECT_EQ(status("/api/v1/waivers?expiring=30&state=ended"), 400);
  EXPECT_EQ(status("/api/v1/waivers/W-9"), 404);
  EXPECT_EQ(status("/api/v1/waivers/W-1?as-of=2026-11-19"), 404) << "not there yet";
}

TEST_F(WaiversTest, PagesAreFullThoughWhatIsWaivedLiesBetween) {
  web_.roots.clear();
  for (int i = 0; i < 9; ++i) web_.roots.push_back("root" + std::to_string(i));
  (void)scan(web_);
  const auto all = get("/api/v1/findings?check=ACC-ROOT")["items"];
  ASSERT_EQ(all.size(), 9U);
  std::set<std::string> expected;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i % 2 == 0)
      (void)waive({{"finding", all[i]["id"]}});
    else
      expected.insert(all[i]["id"]);
  }
  std::set<std::string> seen;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = get("/api/v1/findings?check=ACC-ROOT&limit=2" +
                          (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page["items"]) EXPECT_TRUE(seen.insert(item["id"]).second);
    cursor = page["next"].is_null() ? "" : page["next"].get<std::string>();
    if (pages == 0) {
      EXPECT_EQ(page["items"].size(), 2U);
    }
  } while (!cursor.empty() && ++pages < 10);
  EXPECT_EQ(seen, expected);
}

TEST_F(WaiversTest, HostsCountWhatIsOpenAndWhatIsWaivedApart) {
  (void)waive({{"check", "ACC-ROOT"}});
  const auto web = get("/api/v1/hosts/web");
  EXPECT_EQ(web["open_findings"]["low"], 0);
  EXPECT_EQ(web["open_findings"]["high"], 1);
  EXPECT_EQ(web["waived_findings"], 2);
  EXPECT_EQ(get("/api/v1/hosts?q=db")["items"][0]["waived_findings"], 0);
}

TEST_F(WaiversTest, ExplainTellsByWhoseLeave) {
  const auto id = get("/api/v1/findings?host=web&check=PWD-LENGTH")["items"][0]["id"];
  (void)waive({{"check", "PWD-LENGTH"}, {"hosts", {"web"}}});
  const auto explained = get("/api/v1/explain?finding=" + id.get<std::string>());
  EXPECT_EQ(explained["finding"]["state"], "waived");
  bool is_told = false;
  for (const auto& verdict : explained["verdicts"])
    if (verdict["state"] == "waived") {
      is_told = true;
      EXPECT_EQ(verdict["frameworks"], Json({"strict"}));
      EXPECT_EQ(verdict["waivers"][0]["measure"], "Bastion only");
      EXPECT_EQ(verdict["row_count"], 1) << "the rows are still shown";
    }
  EXPECT_TRUE(is_told) << explained.dump(1);
}

TEST_F(WaiversTest, WhatCannotBeJudgedIsNotWaived) {
  (void)waive({{"check", "PWD-LENGTH"}});
  web_.shadowed = "permission_denied: /etc/security";
  (void)scan(web_);
  EXPECT_EQ(state_of("1", "&host=web"), "unknown");
}

}  // namespace
}  // namespace assay::collector::api
