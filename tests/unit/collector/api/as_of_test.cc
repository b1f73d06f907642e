// What was answered of a moment is answered of it for ever: evidence, rules, people and time go on,
// and not one byte of it is another.
#include "collector/content/catalogue.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

const Person kLin{"t-lin", "Lin", Role::kOperator};
const Person kMei{"t-mei", "Mei", Role::kAdmin};

class AsOfTest : public World {
 protected:
  AsOfTest() {
    web_.minlen = 10;
    db_.minlen = 10;
    web_.roots = {"root", "toor"};
    (void)scan(web_);
    (void)scan(db_);
    waive("web");
    attest("The committee met on 3 November.");
    wait(std::chrono::hours(1));
    moment_ = time();
    wait(std::chrono::hours(1));
  }

  void waive(const std::string& host) {
    const Json body = {{"check", "PWD-LENGTH"},
                       {"hosts", {host}},
                       {"reason", "old"},
                       {"measure", "bastion"},
                       {"until", evidence::to_date(now_ + std::chrono::days(20))}};
    const auto asked = send(Method::kPost, "/api/v1/waivers", body.dump(), kLin);
    ASSERT_EQ(asked.status, 201) << asked.body;
    const auto id = Json::parse(asked.body)["id"].get<std::string>();
    ASSERT_EQ(send(Method::kPost, "/api/v1/waivers/" + id + "/approve", "", kMei).status, 200);
  }
  void attest(const std::string& statement) {
    const Json body = {{"framework", "strict"},
                       {"control", "3"},
                       {"statement", statement},
                       {"owner", "CISO"},
                       {"until", evidence::to_date(now_ + std::chrono::days(90))}};
    ASSERT_EQ(send(Method::kPost, "/api/v1/attestations", body.dump(), kLin).status, 201);
  }

  // Every report of the moment, as it is sent.
  std::map<std::string, std::string> reports() {
    std::map<std::string, std::string> out;
    for (const auto* what :
         {"hosts?", "hosts/web?", "findings?", "findings?state=waived&",
          "findings?framework=strict&", "controls?", "controls?framework=strict&host=web&",
          "frameworks?", "frameworks?host=db&", "posture?by=host&", "posture?by=fleet&",
          "posture?by=group&", "waivers?", "waivers/W-1?", "attestations?",
          "attestations/ATT-1?"}) {
      const auto response = answer("/api/v1/" + std::string(what) + "as-of=" + moment_);
      EXPECT_EQ(response.status, 200) << what << ": " << response.body;
      out[what] = response.body;
    }
    return out;
  }
  void expect_same(const std::map<std::string, std::string>& before, const char* why) {
    for (const auto& [what, body] : reports())
      EXPECT_EQ(body, before.at(what)) << what << " " << why;
  }

  Machine web_ = enroll("web");
  Machine db_ = enroll("db");
  std::string moment_;
};

TEST_F(AsOfTest, EveryReportIsTheSameForEver) {
  const auto before = reports();
  EXPECT_NE(before.at("findings?").find("PWD-LENGTH"), std::string::npos);

  web_.minlen = 20;
  (void)scan(web_);
  expect_same(before, "when a violation is gone");
  db_.minlen = 6;
  db_.roots = {"root", "toor", "admin"};
  (void)scan(db_);
  web_.minlen = 10;
  (void)scan(web_);
  expect_same(before, "when there are more, and one came back");

  waive("db");
  ASSERT_EQ(send(Method::kPost, "/api/v1/waivers/W-1/revoke", R"({"note":"fixed"})", kLin).status,
            200);
  attest("The committee met again.");
  expect_same(before, "when people did something");

  (void)change("/api/v1/register/web", {{"groups", {"dmz"}}});
  expect_same(before, "when the register says more");

  set_strict_length(16);
  set_frequency("monthly");
  (void)scan(web_);
  (void)scan(db_);
  expect_same(before, "when the rules and the catalogue changed");

  auto third = enroll("third");
  (void)scan(third);
  ASSERT_TRUE(store_->revoke_host(db_.id, now_));
  expect_same(before, "when a machine came and another was revoked");

  wait(std::chrono::days(200));
  expect_same(before, "when the waiver's and attestation's days are over and hosts are stale");
}

TEST_F(AsOfTest, ARevokedHostIsThereUntilItWasRevoked) {
  ASSERT_TRUE(store_->revoke_host(db_.id, now_));
  const auto revoked = time();
  EXPECT_EQ(get("/api/v1/posture?by=host&framework=strict&as-of=" + moment_)["items"].size(), 2U);
  EXPECT_EQ(get("/api/v1/posture?by=host&framework=strict&as-of=" + revoked)["items"].size(), 1U);
}

// The settings are others, and on record as the collector has them there.
class TermsOfThenTest : public AsOfTest {
 protected:
  TermsOfThenTest() {
    auto content = *service_->content;
    for (auto& framework : content.frameworks)
      for (auto& control : framework.controls) control.applies_to.grades = {"A", "B"};
    service_->content = std::make_shared<const checks::Content>(std::move(content));
    EXPECT_TRUE(keep_catalogue(*store_, *service_->content, now_));
    moment_ = time();
  }
  void set_terms(std::chrono::seconds stale_after, const checks::Organisation& organisation) {
    wait(std::chrono::hours(1));
    service_->stale_after = stale_after;
    service_->organisation = organisation;
    ASSERT_TRUE(store_->add_terms({stale_after, organisation}, now_));
  }
  std::string controls(const std::string& as_of = {}) {
    return answer("/api/v1/controls?framework=strict" + (as_of.empty() ? "" : "&as-of=" + as_of))
        .body;
  }
};

TEST_F(TermsOfThenTest, AGradeThatWasSetLaterLetsNobodyOffThen) {
  set_terms(kStaleAfter, {});
  const auto before = time();
  const auto told = controls(before);
  EXPECT_EQ(told.find("not_applicable"), std::string::npos) << "what is not said lets nobody off";
  set_terms(kStaleAfter, {"D", {}});
  const auto of_d = time();
  EXPECT_NE(controls().find("not_applicable"), std::string::npos);
  EXPECT_EQ(controls(before), told);
  EXPECT_EQ(controls(moment_).find("not_applicable"), std::string::npos)
      << "of a time before the first terms, those count";
  set_terms(kStaleAfter, {"A", {}});
  EXPECT_EQ(controls().find("not_applicable"), std::string::npos);
  EXPECT_EQ(controls(before), told);
  EXPECT_NE(controls(of_d).find("not_applicable"), std::string::npos);
}

TEST_F(TermsOfThenTest, AnOrganisationOfNoKindIsNotOneThatSaysNothing) {
  set_terms(kStaleAfter, {});
  const auto unsaid = time();
  set_terms(kStaleAfter, {{}, std::vector<std::string>()});
  const auto of_none = time();
  EXPECT_EQ(controls(unsaid).find("not_applicable"), std::string::npos);
  EXPECT_NE(controls(of_none).find("not_applicable"), std::string::npos);
}

TEST_F(TermsOfThenTest, AHostIsStaleByTheTermsOfThen) {
  set_terms(std::chrono::days(30), {});
  wait(std::chrono::days(10));
  const auto moment = time();
  const auto before = get("/api/v1/posture?by=host&as-of=" + moment);
  EXPECT_EQ(before["items"][0]["stale_hosts"], 0);
  set_terms(std::chrono::days(3), {});
  EXPECT_EQ(get("/api/v1/posture?by=host")["items"][0]["stale_hosts"], 1);
  EXPECT_EQ(get("/api/v1/posture?by=host&as-of=" + moment), before);
}

TEST_F(AsOfTest, TheRulesOfThenHaveTheirWordsOfThen) {
  const auto before = get("/api/v1/controls?framework=strict&as-of=" + moment_);
  wait(std::chrono::hours(1));
  set_frequency("yearly");
  EXPECT_NE(get("/api/v1/controls?framework=strict")["items"], before["items"]);
  EXPECT_EQ(get("/api/v1/controls?framework=strict&as-of=" + moment_), before);
  wait(std::chrono::hours(1));
  EXPECT_EQ(get("/api/v1/controls?framework=strict&as-of=" + time())["items"],
            get("/api/v1/controls?framework=strict")["items"]);
}

}  // namespace
}  // namespace assay::collector::api
