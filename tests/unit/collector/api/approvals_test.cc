#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class ApprovalsApiTest : public World {
 protected:
  ApprovalsApiTest() : golden_(enroll("golden")), web_(enroll("web")) {
    golden_.packages = {"curl", "nginx"};
    web_.packages = {"curl", "nginx"};
    scan(golden_);
    scan(web_);
  }
  // Names in the queue.
  std::vector<std::string> queue(const std::string& query = "") {
    std::vector<std::string> names;
    const auto review = get("/api/v1/approvals/allowlist/review?kind=deb" + query);
    for (const auto& item : review["items"]) names.push_back(item["name"].get<std::string>());
    return names;
  }
  Json approve(const Json& rows, const std::string& until = "") {
    return change("/api/v1/approvals/allowlist",
                  {{"rows", rows}, {"until", until}, {"note", "needed"}});
  }
  std::string state() {
    return get("/api/v1/explain?host=web&check=ALLOW-DEB")["verdicts"][0]["state"];
  }

  Machine golden_;
  Machine web_;
};

TEST_F(ApprovalsApiTest, TheListsAreDescribed) {
  const auto lists = get("/api/v1/approvals")["items"];
  EXPECT_EQ(lists.size(), 7U);
  EXPECT_EQ(lists[0]["name"], "allowlist");
  EXPECT_EQ(lists[0]["kinds"][0], "deb");
  EXPECT_EQ(lists[4]["is_learnt"], false);
}

TEST_F(ApprovalsApiTest, LearnApproveANewPackageIsQueuedApproveAndPass) {
  EXPECT_EQ(state(), "unknown") << "nothing is approved yet";
  const auto proposed = get("/api/v1/approvals/allowlist/proposals?host=golden&kind=deb")["items"];
  EXPECT_EQ(proposed,
            Json::parse(R"([{"kind":"deb","name":"curl"},{"kind":"deb","name":"nginx"}])"));
  EXPECT_EQ(approve(proposed)["added"], 2);
  EXPECT_EQ(state(), "pass");
  EXPECT_TRUE(queue().empty());
  web_.packages.push_back("nmap");
  scan(web_);
  EXPECT_EQ(state(), "fail");
  const auto item = get("/api/v1/approvals/allowlist/review?kind=deb")["items"][0];
  EXPECT_EQ(item["name"], "nmap");
  EXPECT_EQ(item["versions"], Json({"1.0-1"}));
  EXPECT_EQ(item["publishers"], Json({"Ann <ann@example.com>"}));
  EXPECT_EQ(item["hosts"][0]["name"], "web");
  EXPECT_EQ(item["first_seen"], time());
  EXPECT_TRUE(item["installed_at"].is_null());
  EXPECT_TRUE(item["installed_reason"]["zh-TW"].is_string());
  approve({{{"kind", "deb"}, {"name", "nmap"}}});
  EXPECT_EQ(state(), "pass");
}

TEST_F(ApprovalsApiTest, TheQueueTellsWhoInstalledItAndWhen) {
  approve({{{"kind", "deb"}, {"name", "curl"}}});
  evidence::Table installs(*evidence::find_table("package_installs"));
  const auto add = [&](const char* manager, const char* name, const char* when,
                       evidence::Value who) {
    installs.add({{"manager", manager}, {"name", name}, {"time", when}, {"username", who}});
  };
  add("apt", "nginx", "2026-11-20 09:00:00", "ann");
  add("apt", "nmap", "2026-11-21 09:00:00", evidence::kNull);
  add("dpkg", "nmap", "2026-11-22 08:30:00", evidence::kNull);
  add("dnf", "nmap", "2026-11-23 00:00:00", "nobody of dpkg's");
  web_.packages = {"nginx", "nmap"};
  web_.others = {installs};
  scan(web_);
  const auto items = get("/api/v1/approvals/allowlist/review?kind=deb&host=web")["items"];
  ASSERT_EQ(items.size(), 2U) << items;
  EXPECT_EQ(items[0]["name"], "nginx");
  EXPECT_EQ(items[0]["installed_at"], "2026-11-20T09:00:00");
  EXPECT_EQ(items[0]["installed_by"], Json({"ann"}));
  EXPECT_FALSE(items[0].contains("installed_reason"));
  EXPECT_EQ(items[1]["installed_at"], "2026-11-22T08:30:00");
  EXPECT_TRUE(items[1]["installed_by"].is_null());
  EXPECT_TRUE(items[1]["installed_reason"]["en"].get<std::string>().contains("sudo"));
}

TEST_F(ApprovalsApiTest, ApksLogHasTheTimeAndNeverThePerson) {
  evidence::Table packages(*evidence::find_table("apk_packages"));
  packages.add({{"name", "nmap"}, {"version", "7.97-r0"}, {"maintainer", "A"}});
  evidence::Table installs(*evidence::find_table("package_installs"));
  installs.add({{"manager", "apk"}, {"name", "nmap"}, {"time", "2026-11-21 03:00:00"}});
  installs.add({{"manager", "dpkg"}, {"name", "nmap"}, {"time", "2026-11-22 03:00:00"}});
  web_.others = {packages, installs};
  scan(web_);
  const auto items = get("/api/v1/approvals/allowlist/review?kind=apk&host=web")["items"];
  ASSERT_EQ(items.size(), 1U) << items;
  EXPECT_EQ(items[0]["installed_at"], "2026-11-21T03:00:00");
  EXPECT_TRUE(items[0]["installed_by"].is_null());
  EXPECT_EQ(items[0]["installed_reason"]["zh-TW"], "apk 紀錄檔不記載執行者");
}

TEST_F(ApprovalsApiTest, OnlyWhatReadsTheListIsJudgedAgain) {
  const auto before = evaluator_->counts();
  approve({{{"kind", "deb"}, {"name", "*"}}});
  EXPECT_EQ(evaluator_->counts().results, before.results + 1) << "one check, and shared";
}

TEST_F(ApprovalsApiTest, AnApprovalIsWithdrawnAndWasThere) {
  approve({{{"kind", "deb"}, {"name", "*"}}});
  const auto then = time();
  const auto id = get("/api/v1/approvals/allowlist")["items"][0]["id"];
  wait(std::chrono::hours(1));
  change("/api/v1/approvals/allowlist/withdraw", {{"ids", {id}}, {"note", "too wide"}});
  EXPECT_EQ(state(), "unknown");
  EXPECT_TRUE(get("/api/v1/approvals/allowlist")["items"].empty());
  const auto all = get("/api/v1/approvals/allowlist?state=all")["items"];
  EXPECT_EQ(all[0]["state"], "withdrawn");
  EXPECT_EQ(all[0]["withdrawn_by"], "Mei-ling");
  EXPECT_EQ(all[0]["withdrawn_note"], "too wide");
  EXPECT_EQ(get("/api/v1/approvals/allowlist?as-of=" + then)["items"].size(), 1U);
  EXPECT_EQ(post("/api/v1/approvals/allowlist/withdraw", Role::kOperator,
                 Json{{"ids", {id}}, {"note", "x"}}.dump())
                .status,
            409);
  EXPECT_EQ(post("/api/v1/approvals/networks/withdraw", Role::kOperator,
                 Json{{"ids", {id}}, {"note", "x"}}.dump())
                .status,
            404)
      << "it is of another list";
}

TEST_F(ApprovalsApiTest, AnApprovalOfAGroupIsForItsHosts) {
  change("/api/v1/register/web", {{"groups", {"front"}}});
  approve({{{"kind", "deb"}, {"name", "*"}, {"host_group", "front"}}});
  EXPECT_EQ(queue("&host=golden").size(), 2U);
  EXPECT_TRUE(queue("&host=web").empty());
}

TEST_F(ApprovalsApiTest, AnApprovalEndsWithItsLastDay) {
  approve({{{"kind", "deb"}, {"name", "*"}}}, "2026-11-20");
  EXPECT_TRUE(queue().empty());
  wait(std::chrono::days(1));
  EXPECT_EQ(queue().size(), 2U);
  EXPECT_EQ(get("/api/v1/approvals/allowlist?state=all")["items"][0]["state"], "ended");
}

TEST_F(ApprovalsApiTest, WhatWasNotLookedAtIsTold) {
  (void)enroll("silent");
  const auto review = get("/api/v1/approvals/allowlist/review?kind=deb,rpm");
  EXPECT_EQ(review["hosts"], 2);
  const auto& missing = review["not_seen"];
  ASSERT_EQ(missing.size(), 2U);
  EXPECT_TRUE(missing[0]["table"].is_null());
  EXPECT_EQ(missing[0]["hosts"], 1);
  EXPECT_EQ(missing[1]["table"], "rpm_packages");
  EXPECT_EQ(missing[1]["hosts"], 2);
}

TEST_F(ApprovalsApiTest, AuditorsReadAndDoNotWrite) {
  const auto body = Json{{"rows", {{{"kind", "deb"}, {"name", "x"}}}}, {"note", "n"}}.dump();
  EXPECT_EQ(post("/api/v1/approvals/allowlist", Role::kAuditor, body).status, 403);
  EXPECT_EQ(post("/api/v1/approvals/allowlist/withdraw", Role::kAuditor, "{}").status, 403);
  EXPECT_EQ(post("/api/v1/approvals/allowlist", Role::kAdmin, body).status, 200);
}

TEST_F(ApprovalsApiTest, WrongQuestionsAreRefused) {
  EXPECT_EQ(status("/api/v1/approvals/nonsense"), 404);
  EXPECT_EQ(status("/api/v1/approvals/networks/review"), 400);
  EXPECT_EQ(status("/api/v1/approvals/allowlist/review?kind=exe"), 400);
  EXPECT_EQ(status("/api/v1/approvals/allowlist/proposals"), 400);
  EXPECT_EQ(status("/api/v1/approvals/allowlist?state=gone"), 400);
  for (const std::string body :
       {"", "[]", "{}", R"({"rows":[]})", R"({"rows":[{"kind":"deb"}],"note":"n"})",
        R"({"rows":[{"kind":"deb","name":"x"}]})",
        R"({"rows":[{"kind":"deb","name":"x"}],"note":"n","until":"2020-01-01"})",
        R"({"rows":[{"kind":"deb","name":"x"},{"kind":"dep","name":"x"}],"note":"n"})",
        R"({"rows":[{"kind":"deb","name":"x"}],"note":"n","colour":"red"})"})
    EXPECT_EQ(post("/api/v1/approvals/allowlist", Role::kOperator, body).status, 400) << body;
  EXPECT_TRUE(get("/api/v1/approvals/allowlist?state=all")["items"].empty());
}

TEST_F(ApprovalsApiTest, TheOtherListsAreKeptTheSameWay) {
  change("/api/v1/approvals/support_contracts", {{"rows",
                                                  {{{"product", "ubuntu"},
                                                    {"cycle", "20.04"},
                                                    {"contract", "PO 117"},
                                                    {"contract_until", "2030-04-30"}}}},
                                                 {"note", "bought"}});
  change("/api/v1/approvals/approved_listeners",
         {{"rows", {{{"port", 443}, {"protocol", 6}}}}, {"note", "web"}});
  EXPECT_EQ(get("/api/v1/approvals/support_contracts")["items"][0]["row"]["contract"], "PO 117");
  const auto& content = *evaluator_->content();
  EXPECT_EQ(content.references.at("support_contracts").table->at(0, "note"),
            evidence::Value("bought"));
  EXPECT_EQ(content.references.at("approved_listeners").table->at(0, "port"),
            evidence::Value(std::int64_t{443}));
}

}  // namespace
}  // namespace assay::collector::api
