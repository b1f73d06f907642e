// snapshots, bundles, explain
#include "evidence/bundle.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class EvidenceTest : public World {
 protected:
  Machine host_ = enroll("web-1");
};

TEST_F(EvidenceTest, SnapshotsOfAHostTheLatestFirst) {
  const auto first = scan(host_);
  const auto second = scan(host_);
  const auto items = get("/api/v1/snapshots?host=web-1")["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["id"], second.hex());
  EXPECT_EQ(items[0]["previous"], first.hex());
  EXPECT_EQ(get("/api/v1/snapshots")["items"].size(), 1U) << "the latest of every host";
}

TEST_F(EvidenceTest, AManifestIsShownWithItsTables) {
  const auto id = scan(host_);
  const auto snapshot = get("/api/v1/snapshots/" + id.hex());
  EXPECT_EQ(snapshot["manifest"]["tables"][0]["name"], "password_policy");
  EXPECT_EQ(snapshot["manifest"]["tables"][0]["rows"], 1);
  EXPECT_EQ(get("/api/v1/snapshots/web-1")["id"], id.hex()) << "a host names its latest";
  EXPECT_EQ(status("/api/v1/snapshots/" + std::string(64, '0')), 404);
}

TEST_F(EvidenceTest, ABundleProvesItselfAgainstTheCa) {
  (void)scan(host_);
  const auto response = answer("/api/v1/snapshots/web-1/bundle");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto bundle = evidence::bundle_from_bytes(response.body);
  ASSERT_TRUE(bundle) << bundle.error().message();
  const auto report = evidence::verify(*bundle, {.ca_pem = ca_.certificate});
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(bundle->tables.size(), 2U);
}

TEST_F(EvidenceTest, AHostWithoutASnapshotHasNoBundle) {
  EXPECT_EQ(status("/api/v1/snapshots/web-1/bundle"), 404);
  EXPECT_EQ(refusal("/api/v1/snapshots/web-1"), "web-1 has not sent a snapshot yet");
}

TEST_F(EvidenceTest, AFindingIsExplainedFromClauseToRow) {
  host_.minlen = 6;
  const auto snapshot = scan(host_);
  const auto id = get("/api/v1/findings")["items"][0]["id"].get<std::string>();
  const auto why = get("/api/v1/explain?finding=" + id);
  EXPECT_EQ(why["finding"]["id"], id);
  ASSERT_EQ(why["verdicts"].size(), 2U) << "two frameworks with two figures";
  EXPECT_EQ(why["verdicts"][0]["rows"][0]["source"], "/etc/security/pwquality.conf");
  EXPECT_EQ(why["verdicts"][0]["parameters"][0]["meaning"]["zh-TW"], "最短長度");
  EXPECT_EQ(why["controls"][1]["not_proven"]["en"], "Reuse.");
  EXPECT_TRUE(why["controls"][1]["applies_to"].is_null());
  EXPECT_EQ(why["evidence"]["snapshot"], snapshot.hex());
  EXPECT_EQ(why["evidence"]["tables"][0]["name"], "password_policy");
}

TEST_F(EvidenceTest, AClauseIsExplainedWithItsAddresseesAndItsDay) {
  (void)scan(host_);
  const auto clause = get("/api/v1/explain?check=ACC-ROOT&host=web-1")["controls"][0];
  EXPECT_EQ(clause["applies_to"]["words"]["en"],
            "securities firms that take orders over the internet; core systems");
  EXPECT_EQ(clause["frequency"], "monthly");
  EXPECT_EQ(clause["effective"], "2022-01-31");
}

TEST_F(EvidenceTest, AFindingIsFoundByTheBeginningOfItsId) {
  host_.minlen = 6;
  (void)scan(host_);
  const auto id = get("/api/v1/findings")["items"][0]["id"].get<std::string>();
  EXPECT_EQ(get("/api/v1/explain?finding=" + id.substr(0, 12))["finding"]["id"], id);
  EXPECT_EQ(status("/api/v1/explain?finding=" + id.substr(0, 7)), 400);
  EXPECT_EQ(status("/api/v1/explain?finding=000000000000"), 404);
}

TEST_F(EvidenceTest, APassIsExplainedByItsFacts) {
  (void)scan(host_);
  const auto why = get("/api/v1/explain?check=PWD-LENGTH&host=web-1");
  EXPECT_TRUE(why["finding"].is_null());
  EXPECT_EQ(why["verdicts"][0]["state"], "pass");
  EXPECT_EQ(why["verdicts"][0]["facts"][0]["value"], 12);
}

TEST_F(EvidenceTest, AnUnknownIsExplainedByItsReason) {
  host_.shadowed = "permission_denied: reading /etc/pam.d";
  (void)scan(host_);
  const auto why = get("/api/v1/explain?check=PWD-LENGTH&host=web-1");
  EXPECT_EQ(why["verdicts"][0]["state"], "unknown");
  EXPECT_NE(why["verdicts"][0]["reason"].get<std::string>().find("permission_denied"),
            std::string::npos);
  EXPECT_EQ(why["evidence"]["tables"][0]["status"], "unavailable");
}

TEST_F(EvidenceTest, ExplainWantsAFindingOrAHostAndACheck) {
  for (const auto* query :
       {"", "?host=web-1", "?check=PWD-LENGTH", "?finding=00&host=web-1&check=X"})
    EXPECT_EQ(status(std::string("/api/v1/explain") + query), 400) << query;
  EXPECT_EQ(status("/api/v1/explain?host=web-1&check=NO-SUCH"), 404);
}

}  // namespace
}  // namespace assay::collector::api
