// Whatever the API refuses, it says to people in both languages: every route is asked for what is
// not there, with what it does not know, and by somebody who may not.
#include "collector/api/gatekeeper.h"
#include "evidence/refusal.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class Refusals : public World {
 protected:
  Refusals() {
    auto web = enroll("web-1");
    (void)scan(web);  // only so that there is something to be asked about
  }

  // Every target of the pattern: each of these words in the place of its *.
  static std::vector<std::string> targets_of(const std::string& pattern) {
    static const std::vector<std::string> kWords = {"none",   "web-1", "PWD-LENGTH", "allowlist",
                                                    "strict", "W-1",   "ATT-1",      "deadbeef"};
    if (!pattern.contains('*')) return {pattern};
    std::vector<std::string> targets;
    for (const auto& word : kWords) {
      std::string target = pattern;
      for (auto at = target.find('*'); at != std::string::npos; at = target.find('*'))
        target.replace(at, 1, word);
      targets.push_back(std::move(target));
    }
    return targets;
  }

  ApiResponse ask(const Router::Entry& entry, const std::string& target, const std::string& body,
                  Role role) {
    auto request = read_target(target).value();
    request.method = entry.method;
    request.person = {"token-1", "Mei-ling", role};
    request.body = body;
    request.content_type = "application/json";
    return router_->answer(std::move(request));
  }

  // Counts what was refused.
  void expect_both_languages(const ApiResponse& response, const std::string& what) {
    if (response.status < 400) return;
    ++refused_;
    ASSERT_LT(response.status, 500) << what << ": " << response.body;
    const auto error = Json::parse(response.body).at("error");
    const auto words = error.at("words");
    EXPECT_EQ(error.at("message"), words.at("en")) << what;
    EXPECT_FALSE(reads_as_chinese(words.at("en").get<std::string>())) << what << response.body;
    EXPECT_TRUE(reads_as_chinese(words.at("zh-TW").get<std::string>())) << what << response.body;
  }

  // What each route refuses of `queries` and `bodies`, by this role.
  void ask_all(const std::vector<std::string>& queries, const std::vector<std::string>& bodies,
               Role role) {
    for (const auto& entry : router_->entries())
      for (const auto& target : targets_of(entry.pattern)) {
        for (const auto& query : queries)
          expect_both_languages(ask(entry, target + query, "", role), target + query);
        for (const auto& body : bodies)
          expect_both_languages(ask(entry, target, body, role), target + " " + body);
        for (const auto& name : entry.accepted)
          for (const auto* value : {"=!", "=PWD-LENGTH", "=web-1", "=none", "=all"})
            expect_both_languages(ask(entry, target + "?" + name + value, "", role),
                                  target + "?" + name + value);
      }
  }

  int refused_ = 0;
};

TEST_F(Refusals, OfEveryRouteAreInBothLanguages) {
  ask_all({"", "?no-such-parameter=1"}, {}, Role::kAdmin);
  // Each route refuses the unknown parameter at least.
  EXPECT_GE(refused_, static_cast<int>(router_->entries().size()));
}

TEST_F(Refusals, OfABodyAreInBothLanguages) {
  ask_all({},
          {"{]",
           "[]",
           "{}",
           R"({"nonsense":1})",
           R"({"hosts":1})",
           R"({"hosts":["none"]})",
           R"({"groups":["none"]})",
           R"({"check":"none"})",
           R"({"check":"PWD-LENGTH"})",
           R"({"check":"PWD-LENGTH","frameworks":["mild","none"]})",
           R"({"finding":"none"})",
           R"({"framework":"none","control":"1"})",
           R"({"framework":"strict","control":"1"})",
           R"({"framework":"strict","control":"3","until":"x"})",
           R"({"rows":[]})",
           R"({"rows":[{"kind":"deb"}],"until":"2020-01-01","note":"n"})",
           R"({"rows":[{"kind":"x"}],"note":"n"})",
           R"({"rows":[{"nam":"x"}],"note":"n"})",
           R"({"ids":[]})",
           R"({"ids":["A-1"],"note":"n"})",
           R"({"fields":{"owners":"x"}})",
           R"({"fields":{"is_core":"x","rpo":"x"},"groups":"a"})",
           R"({"note":3})",
           R"({"sql":"SELECT 1","hosts":["none"]})",
           R"([{"owner":"x"}])",
           R"([{"host":""}])",
           R"([{"host":"web-1","is_core":"x"},{"host":"web-1","valid_until":"x"}])"},
          Role::kAdmin);
  EXPECT_GT(refused_, 200);
}

TEST_F(Refusals, OfWhoeverMayNotAreInBothLanguages) {
  ask_all({""}, {"{}"}, Role::kAuditor);
  EXPECT_GT(refused_, 0);
}

TEST_F(Refusals, ARegistersProblemsAreToldLineByLine) {
  const auto response =
      post("/api/v1/register", Role::kOperator, "host,owners\nweb-1,A\n", "text/csv");
  EXPECT_EQ(response.status, 422);
  expect_both_languages(response, "register");
  const auto zh_tw = Json::parse(response.body)["error"]["words"]["zh-TW"].get<std::string>();
  EXPECT_TRUE(zh_tw.starts_with("第 1 行：資產清冊沒有「owners」這個欄位")) << zh_tw;
}

}  // namespace
}  // namespace assay::collector::api
