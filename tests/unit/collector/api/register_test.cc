#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class RegisterTest : public World {
 protected:
  RegisterTest() : web_(enroll("web")), db_(enroll("db")) {
    scan(web_);
    scan(db_);
  }
  Json import(const std::string& csv, const std::string& query = "") {
    const auto response = post("/api/v1/register" + query, Role::kOperator, csv, "text/csv");
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body, nullptr, false);
  }
  std::size_t unowned() { return get("/api/v1/findings?check=REG-OWNER")["items"].size(); }

  Machine web_;
  Machine db_;
};

TEST_F(RegisterTest, NothingIsRecordedAtFirst) {
  const auto entry = get("/api/v1/register/web");
  EXPECT_TRUE(entry["fields"].empty());
  EXPECT_TRUE(entry["since"].is_null());
  EXPECT_EQ(get("/api/v1/register")["items"].size(), 2U);
  EXPECT_EQ(status("/api/v1/register/nobody"), 404);
}

TEST_F(RegisterTest, AChangeIsRecordedWithWhoAndWhen) {
  const auto changed = change("/api/v1/register/web", {{"fields", {{"zone", "dmz"}}},
                                                       {"groups", {"front", "linux"}},
                                                       {"note", "review"}});
  EXPECT_EQ(changed["fields"]["zone"], "dmz");
  EXPECT_EQ(changed["changed_by"], "Mei-ling");
  EXPECT_EQ(changed["changes"].size(), 2U);
  const auto shown = get("/api/v1/register/web");
  EXPECT_EQ(shown["groups"], (Json{"front", "linux"}));
  EXPECT_EQ(shown["since"], time());
  EXPECT_EQ(shown["note"], "review");
  EXPECT_EQ(get("/api/v1/register?group=front")["items"].size(), 1U);
  EXPECT_TRUE(get("/api/v1/register?group=back")["items"].empty());
}

TEST_F(RegisterTest, HistorySaysWhatWasBeforeAndAfter) {
  change("/api/v1/register/web", {{"fields", {{"owner", "A"}, {"zone", "dmz"}}}});
  const auto then = time();
  wait(std::chrono::hours(1));
  change("/api/v1/register/web", {{"fields", {{"owner", "B"}}}});
  wait(std::chrono::hours(1));
  change("/api/v1/register/web", {{"fields", {{"owner", nullptr}}}});
  const auto history = get("/api/v1/register/web/history")["items"];
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0]["changes"],
            Json::parse(R"([{"field":"owner","before":"B","after":""}])"));
  EXPECT_EQ(history[1]["changes"],
            Json::parse(R"([{"field":"owner","before":"A","after":"B"}])"));
  EXPECT_EQ(history[2]["changes"].size(), 2U);
  EXPECT_EQ(get("/api/v1/register/web?as-of=" + then)["fields"]["owner"], "A");
  const auto page = get("/api/v1/register/web/history?limit=1");
  EXPECT_EQ(page["items"], Json{history[0]});
  const auto rest =
      get("/api/v1/register/web/history?cursor=" + page["next"].get<std::string>());
  EXPECT_EQ(rest["items"].size(), 2U);
}

TEST_F(RegisterTest, AChangeJudgesThatHostAgainAndNoOther) {
  EXPECT_EQ(unowned(), 0U) << "no row: nothing is claimed";
  const auto before = evaluator_->counts();
  change("/api/v1/register/web", {{"fields", {{"zone", "dmz"}}}});
  EXPECT_EQ(unowned(), 1U);
  EXPECT_EQ(evaluator_->counts().hosts, before.hosts + 1);
  EXPECT_EQ(evaluator_->counts().results, before.results + 1) << "only what reads the register";
  change("/api/v1/register/db", {{"fields", {{"zone", "dmz"}}}});
  EXPECT_EQ(unowned(), 2U);
  EXPECT_EQ(evaluator_->counts().results, before.results + 1) << "equal rows share results";
  change("/api/v1/register/web", {{"fields", {{"owner", "A"}}}});
  EXPECT_EQ(unowned(), 1U);
}

TEST_F(RegisterTest, TheSameAgainChangesNothing) {
  change("/api/v1/register/web", {{"fields", {{"zone", "dmz"}}}});
  wait(std::chrono::hours(1));
  EXPECT_TRUE(change("/api/v1/register/web", {{"fields", {{"zone", "dmz"}}}})["changes"].empty());
  EXPECT_EQ(get("/api/v1/register/web/history")["items"].size(), 1U);
}

TEST_F(RegisterTest, ADryRunShowsAndChangesNothing) {
  const std::string csv = "host,owner\r\nweb,陳美玲\r\nprinter,x\r\n";
  const auto dry = import(csv, "?dry-run=1");
  EXPECT_EQ(dry["dry_run"], true);
  EXPECT_EQ(dry["changed"].size(), 1U);
  EXPECT_EQ(dry["unmatched"], Json::parse(R"([{"line":3,"host":"printer"}])"));
  EXPECT_TRUE(get("/api/v1/register/web")["fields"].empty());
  EXPECT_EQ(import(csv)["changed"], dry["changed"]);
  EXPECT_EQ(get("/api/v1/register/web")["fields"]["owner"], "陳美玲");
  EXPECT_EQ(import(csv)["unchanged"], 1);
}

TEST_F(RegisterTest, AFileWithAProblemChangesNothing) {
  const auto response = post("/api/v1/register", Role::kOperator,
                             "host,is_core\nweb,1\ndb,maybe\n", "text/csv");
  EXPECT_EQ(response.status, 422);
  EXPECT_NE(response.body.find("line 3: is_core"), std::string::npos) << response.body;
  EXPECT_TRUE(get("/api/v1/register/web")["fields"].empty());
  EXPECT_EQ(post("/api/v1/register", Role::kOperator, "\xB4\xFA", "text/csv").status, 422);
  EXPECT_EQ(post("/api/v1/register", Role::kOperator, "x", "text/plain").status, 400);
  EXPECT_EQ(post("/api/v1/register", Role::kOperator, "{}").status, 422);
}

TEST_F(RegisterTest, AuditorsReadAndDoNotWrite) {
  EXPECT_EQ(post("/api/v1/register/web", Role::kAuditor, R"({"fields":{}})").status, 403);
  EXPECT_EQ(post("/api/v1/register", Role::kAuditor, "host\n", "text/csv").status, 403);
  EXPECT_EQ(post("/api/v1/register/web", Role::kAdmin, R"({"fields":{"zone":"x"}})").status, 200);
}

TEST_F(RegisterTest, WrongBodiesAreRefused) {
  for (const std::string body :
       {"", "nonsense", "[]", R"({"fields":1})", R"({"field":{}})", R"({"fields":{"ownr":"x"}})",
        R"({"fields":{"is_core":"maybe"}})", R"({"fields":{"owner":{}}})", R"({"groups":[1]})",
        R"({"groups":["a","b",{}]})", R"({"note":7})",
        R"({"fields":{"a":{"b":{"c":{"d":{"e":{"f":{"g":1}}}}}}}})"}) {
    const auto response = post("/api/v1/register/web", Role::kOperator, body);
    EXPECT_EQ(response.status, 400) << body << ": " << response.body;
  }
  EXPECT_TRUE(get("/api/v1/register/web/history")["items"].empty());
}

TEST_F(RegisterTest, ExplainShowsTheRegisterThatTheVerdictRead) {
  change("/api/v1/register/web", {{"fields", {{"zone", "dmz"}}}});
  const auto then = time();
  wait(std::chrono::hours(1));
  change("/api/v1/register/web", {{"fields", {{"owner", "A"}}}});
  const auto old = get("/api/v1/explain?host=web&check=REG-OWNER&as-of=" + then)["evidence"];
  EXPECT_EQ(old["register"]["fields"], Json::parse(R"({"zone":"dmz"})"));
  const auto& table = old["register"]["tables"].at(0);
  EXPECT_EQ(table["name"], "host_register");
  const auto digest = evidence::Digest::from_hex(table["digest"].get<std::string>()).value();
  EXPECT_TRUE(store_->table(digest)) << "the table itself is kept";
  const auto now = get("/api/v1/explain?host=web&check=REG-OWNER")["evidence"];
  EXPECT_EQ(now["register"]["fields"]["owner"], "A");
  EXPECT_TRUE(get("/api/v1/explain?host=web&check=ACC-ROOT")["evidence"]["register"].is_null());
}

TEST_F(RegisterTest, TheAssetRegisterSpeaksBothLanguagesAndHasFacts) {
  change("/api/v1/register/web", {{"fields", {{"is_core", true}, {"integrity", 3}}}});
  const auto assets = get("/api/v1/assets");
  EXPECT_EQ(assets["columns"][1]["label"]["zh-TW"], "資通系統及資訊名稱");
  ASSERT_EQ(assets["items"].size(), 2U);
  const auto& cells = assets["items"][1]["cells"];
  EXPECT_EQ(cells["host"], "web");
  EXPECT_EQ(cells["is_core"], Json::parse(R"({"en":"yes","zh-TW":"是"})"));
  EXPECT_EQ(cells["protection_need"]["zh-TW"], "高");
  EXPECT_EQ(cells["host_id"], web_.id);
}

}  // namespace
}  // namespace assay::collector::api
