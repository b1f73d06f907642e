// /api/v1/attestations, and what an attestation changes in the controls.
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

const Person kLin{"token-lin", "Lin", Role::kOperator};

class AttestationsTest : public World {
 protected:
  void SetUp() override { (void)scan(web_); }
  static Json statement(const Json& more = Json::object()) {
    Json body = {{"framework", "strict"},
                 {"control", "3"},
                 {"statement", "The committee met on 3 November."},
                 {"owner", "Chief information security officer"},
                 {"until", "2027-11-19"}};
    body.update(more);
    return body;
  }
  ApiResponse record(const Json& body, const Person& person = kLin) {
    return send(Method::kPost, "/api/v1/attestations", body.dump(), person);
  }
  ApiResponse attach(const std::string& id, const std::string& name, const std::string& content,
                     const Person& person = kLin) {
    return send(Method::kPut, "/api/v1/attestations/" + id + "/files/" + name, content, person);
  }
  Json control(const std::string& query = "") {
    const auto page = get("/api/v1/controls?framework=strict" + query);
    for (const auto& item : page["items"])
      if (item["id"] == "3") return item;
    return {};
  }
  Json framework(const std::string& query = "") {
    return get("/api/v1/frameworks" + query)["items"][1];
  }
  void at(const std::string& when) { now_ = evidence::from_timestamp(when).value(); }

  Machine web_ = enroll("web");
};

TEST_F(AttestationsTest, AnAttestedControlPassesAndIsCovered) {
  EXPECT_EQ(control()["state"], "manual");
  EXPECT_EQ(framework()["coverage"], 0.5);
  const auto recorded = record(statement());
  ASSERT_EQ(recorded.status, 201) << recorded.body;
  const auto attestation = Json::parse(recorded.body);
  EXPECT_EQ(attestation["id"], "ATT-1");
  EXPECT_EQ(attestation["edition"], "2021");
  EXPECT_EQ(attestation["date"], "2026-11-20") << "today";
  EXPECT_EQ(attestation["recorder"]["name"], "Lin");
  EXPECT_EQ(recorded.subject, "ATT-1 strict:3 until 2027-11-19");
  EXPECT_EQ(control()["state"], "pass");
  EXPECT_EQ(control()["attested"], true);
  EXPECT_EQ(control()["attestations"][0]["owner"], "Chief information security officer");
  EXPECT_EQ(framework()["coverage"], 0.75);
  EXPECT_EQ(framework()["attested"], 1);
}

TEST_F(AttestationsTest, TheyAreTheEvidenceOfControlsThatNoCheckDecidesPeriodByPeriod) {
  set_frequency("monthly");
  const auto cadence = [this](const std::string& query = "") {
    const auto page = get("/api/v1/cadence?framework=strict" + query);
    for (const auto& item : page["items"])
      if (item["id"] == "3") return item;
    return Json();
  };
  EXPECT_EQ(cadence()["by"], "attestations");
  EXPECT_EQ(cadence()["present"]["has_evidence"], false);
  const auto of_last_month = statement({{"date", "2026-10-05"}, {"until", "2026-11-21"}});
  ASSERT_EQ(record(of_last_month).status, 201);
  EXPECT_EQ(cadence()["with_evidence"], 1);
  EXPECT_EQ(cadence()["periods"][11]["name"], "2026-10");
  EXPECT_EQ(cadence()["present"]["has_evidence"], false);
  ASSERT_EQ(record(statement()).status, 201);  // supersedes it, and does not unsay it
  EXPECT_EQ(cadence()["present"]["has_evidence"], true);
  EXPECT_EQ(cadence()["with_evidence"], 1);
  at("2027-01-15T00:00:00Z");
  EXPECT_EQ(cadence()["with_evidence"], 2);
  EXPECT_EQ(cadence()["periods"][11]["missing_hosts"][0]["name"], "web") << "nobody in December";
  const Json withdrawn = {{"note", "in error"}};
  ASSERT_EQ(
      send(Method::kPost, "/api/v1/attestations/ATT-2/withdraw", withdrawn.dump(), kLin).status,
      200);
  EXPECT_EQ(cadence()["with_evidence"], 1);
}

TEST_F(AttestationsTest, OfAGroupItCountsForWhoeverIsInIt) {
  const auto db = enroll("db");
  EXPECT_EQ(record(statement({{"groups", {"dmz"}}})).status, 404) << "nobody is in it";
  (void)change("/api/v1/register/web", {{"groups", {"dmz"}}});
  const auto recorded = record(statement({{"groups", {"dmz"}}}));
  ASSERT_EQ(recorded.status, 201) << recorded.body;
  EXPECT_EQ(Json::parse(recorded.body)["groups"], Json({"dmz"}));
  EXPECT_EQ(control("&host=web")["state"], "pass");
  EXPECT_EQ(control("&host=web")["attestations"][0]["groups"], Json({"dmz"}));
  EXPECT_EQ(control("&host=db")["state"], "manual");
  EXPECT_EQ(control("&host=db")["attestations"].size(), 0U);
  EXPECT_EQ(get("/api/v1/attestations?host=web")["items"].size(), 1U);
  EXPECT_EQ(get("/api/v1/attestations?host=db")["items"].size(), 0U);
  const auto before = time();
  wait(std::chrono::hours(1));
  (void)change("/api/v1/register/web", {{"groups", Json::array()}});
  EXPECT_EQ(control("&host=web")["state"], "manual");
  EXPECT_EQ(control("&host=web&as-of=" + before)["state"], "pass");
}

TEST_F(AttestationsTest, ItEndsByItselfAndStaysKnown) {
  ASSERT_EQ(record(statement({{"until", "2026-11-30"}})).status, 201);
  at("2026-11-30T23:59:59Z");
  EXPECT_EQ(control()["state"], "pass");
  at("2026-12-01T00:00:00Z");
  EXPECT_EQ(control()["state"], "manual");
  EXPECT_EQ(get("/api/v1/attestations/ATT-1")["state"], "ended");
  EXPECT_EQ(control("&as-of=2026-11-30")["state"], "pass");
}

TEST_F(AttestationsTest, OneHostIsAttestedAndTheOtherNot) {
  auto db = enroll("db");
  (void)scan(db);
  ASSERT_EQ(record(statement({{"hosts", {"web"}}})).status, 201);
  EXPECT_EQ(control("&host=web")["state"], "pass");
  EXPECT_EQ(control("&host=db")["state"], "manual");
  EXPECT_TRUE(control("&host=db")["attestations"].empty());
  EXPECT_EQ(control()["state"], "manual");
  EXPECT_EQ(control()["hosts"], Json({{"pass", 1}, {"manual", 1}}));
  EXPECT_EQ(framework()["attested"], 0) << "not of all hosts";
}

TEST_F(AttestationsTest, AHostThatWasNeverJudgedIsNotMadeGoodByWords) {
  (void)enroll("silent");
  ASSERT_EQ(record(statement()).status, 201);
  EXPECT_EQ(control("&host=silent")["state"], "pass") << "no machine could tell";
  EXPECT_EQ(get("/api/v1/controls?framework=strict&host=silent&state=unknown")["items"].size(), 2U);
}

TEST_F(AttestationsTest, ANewOneSupersedesAndAWithdrawnOneCountsNoMore) {
  ASSERT_EQ(record(statement()).status, 201);
  wait(std::chrono::hours(24));
  ASSERT_EQ(record(statement({{"statement", "It met again."}})).status, 201);
  const auto old = get("/api/v1/attestations/ATT-1");
  EXPECT_EQ(old["state"], "superseded");
  EXPECT_EQ(old["history"][1]["note"], "ATT-2");
  EXPECT_EQ(control()["attestations"].size(), 1U);
  const auto withdrawn = send(Method::kPost, "/api/v1/attestations/ATT-2/withdraw",
                              R"({"note":"It had no quorum."})", kLin);
  ASSERT_EQ(withdrawn.status, 200) << withdrawn.body;
  EXPECT_EQ(control()["state"], "manual") << "the old one does not come back";
  EXPECT_EQ(get("/api/v1/attestations?state=withdrawn")["items"][0]["history"][1]["note"],
            "It had no quorum.");
  EXPECT_EQ(send(Method::kPost, "/api/v1/attestations/ATT-2/withdraw", "", kLin).status, 409);
}

TEST_F(AttestationsTest, FilesComeBackAsTheyWere) {
  ASSERT_EQ(record(statement()).status, 201);
  const std::string content("\x89PNG\0\r\n<script>", 15);
  const auto attached = attach("ATT-1", "%E6%9C%83%E8%AD%B0.png", content);
  ASSERT_EQ(attached.status, 201) << attached.body;
  const auto file = Json::parse(attached.body)["files"][0];
  EXPECT_EQ(file["name"], "會議.png");
  EXPECT_EQ(file["sha256"], evidence::sha256(content).hex());
  const auto response = answer("/api/v1/attestations/ATT-1/files/%E6%9C%83%E8%AD%B0.png");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, content);
  EXPECT_EQ(response.content_type, "application/octet-stream");
  EXPECT_EQ(answer("/api/v1/attestations/ATT-1/files/other").status, 404);
  EXPECT_EQ(answer("/api/v1/attestations/ATT-9/files/other").status, 404);
}

TEST_F(AttestationsTest, FilesAreBoundedAndNamedHarmlessly) {
  ASSERT_EQ(record(statement()).status, 201);
  EXPECT_EQ(attach("ATT-1", "big", std::string(kMaxAttestedFileBytes + 1, 'x')).status, 413);
  EXPECT_EQ(attach("ATT-1", "..%2Fpasswd", "x").status, 400);
  EXPECT_EQ(attach("ATT-1", "a%00b", "x").status, 400);
  EXPECT_EQ(attach("ATT-1", "empty", "").status, 400);
  EXPECT_EQ(attach("ATT-1", "a", "x", {"t", "Auditor", Role::kAuditor}).status, 403);
  EXPECT_EQ(attach("ATT-1", "a", "first").status, 201);
  EXPECT_EQ(attach("ATT-1", "a", "second").status, 409);
  EXPECT_EQ(attach("ATT-2", "a", "x").status, 404);
}

TEST_F(AttestationsTest, WhatIsNoPersonsToAttestIsRefused) {
  const auto refused = [this](const Json& more, int status, const std::string& words) {
    const auto response = record(statement(more));
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_NE(response.body.find(words), std::string::npos) << response.body;
  };
  refused({{"control", "1"}}, 400, "decided by checks alone");
  refused({{"control", "9"}}, 404, "no control 9");
  refused({{"framework", "nist"}}, 404, "no framework");
  refused({{"until", nullptr}}, 400, "until:");
  refused({{"until", "2026-11-19"}}, 400, "until:");
  refused({{"date", "2026-12-01"}}, 400, "future");
  refused({{"owner", ""}}, 400, "owner");
  refused({{"statement", std::string(9000, 'x')}}, 400, "statement");
  refused({{"file", "x"}}, 400, "unknown name");
  EXPECT_EQ(record(statement(), {"t", "Auditor", Role::kAuditor}).status, 403);
}

TEST_F(AttestationsTest, TheListIsFiltered) {
  ASSERT_EQ(record(statement({{"until", "2026-11-30"}})).status, 201);
  ASSERT_EQ(record(statement({{"framework", "mild"}})).status, 201);
  const auto count = [this](const std::string& query) {
    return get("/api/v1/attestations?" + query)["items"].size();
  };
  EXPECT_EQ(count(""), 2U);
  EXPECT_EQ(count("framework=mild"), 1U);
  EXPECT_EQ(count("control=3"), 2U);
  EXPECT_EQ(count("host=web"), 2U);
  EXPECT_EQ(count("expiring=30"), 1U);
  EXPECT_EQ(count("state=ended"), 0U);
  EXPECT_EQ(status("/api/v1/attestations?state=open"), 400);
}

TEST_F(AttestationsTest, ExplainShowsWhatPeopleAnswerFor) {
  web_.minlen = 6;
  (void)scan(web_);
  const auto explained = get("/api/v1/explain?host=web&check=PWD-LENGTH");
  for (const auto& clause : explained["controls"]) EXPECT_TRUE(clause["attestation"].is_null());
}

}  // namespace
}  // namespace assay::collector::api
