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
  EXPECT_EQ(status("/api/v1/findings?as-of=soon"), 400);
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
  EXPECT_EQ(limited["not_mapped"]["en"], "N");
  const auto plain = control("/api/v1/controls?framework=strict", "1");
  for (const auto* name : {"applies_to", "effective", "not_mapped", "frequency"})
    EXPECT_TRUE(plain.at(name).is_null()) << name;
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

TEST_F(PostureTest, AChecksRuleIsShown) {
  EXPECT_NE(get("/api/v1/checks/PWD-LENGTH")["query"].get<std::string>().find("SELECT"),
            std::string::npos);
  EXPECT_EQ(get("/api/v1/checks")["items"].size(), 2U);
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
