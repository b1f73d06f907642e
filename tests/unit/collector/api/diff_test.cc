#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class DiffTest : public World {
 protected:
  // From when everything was in order.
  void SetUp() override {
    (void)scan(host_);
    from_ = time();
  }
  Json diff() { return get("/api/v1/diff?from=" + from_ + "&to=" + time()); }

  Machine host_ = enroll("web-1");
  std::string from_;
};

TEST_F(DiffTest, NothingChanged) {
  (void)scan(host_);
  const auto summary = diff()["summary"];
  for (const auto* list : {"new", "fixed", "regressed", "evidence_lost", "unchanged"})
    EXPECT_EQ(summary[list], 0) << list;
}

TEST_F(DiffTest, AFindingIsNewBecauseTheHostChanged) {
  host_.minlen = 6;
  (void)scan(host_);
  const auto changes = diff();
  ASSERT_EQ(changes["new"].size(), 1U);
  EXPECT_EQ(changes["new"][0]["check"], "PWD-LENGTH");
  EXPECT_EQ(changes["new"][0]["cause"], "host_changed");
  EXPECT_EQ(changes["summary"]["open_after"], 1);
  EXPECT_EQ(changes["hosts"][0]["new"], 1);
}

TEST_F(DiffTest, AFindingIsNewBecauseTheRulesChanged) {
  set_strict_length(14);
  (void)scan(host_);
  const auto changes = diff();
  ASSERT_EQ(changes["new"].size(), 1U);
  EXPECT_EQ(changes["new"][0]["cause"], "rules_changed");
  EXPECT_EQ(changes["summary"]["causes"]["rules_changed"], 1);
}

TEST_F(DiffTest, AFindingIsFixed) {
  host_.minlen = 6;
  (void)scan(host_);
  from_ = time();
  host_.minlen = 12;
  (void)scan(host_);
  const auto changes = diff();
  EXPECT_EQ(changes["fixed"].size(), 1U);
  EXPECT_EQ(changes["fixed"][0]["cause"], "host_changed");
  EXPECT_EQ(changes["summary"]["open_before"], 1);
  EXPECT_EQ(changes["summary"]["open_after"], 0);
}

TEST_F(DiffTest, WhatWasFixedOnceAndIsBackHasRegressed) {
  host_.minlen = 6;
  (void)scan(host_);
  host_.minlen = 12;
  (void)scan(host_);
  from_ = time();
  host_.minlen = 6;
  (void)scan(host_);
  const auto changes = diff();
  EXPECT_EQ(changes["regressed"].size(), 1U);
  EXPECT_EQ(changes["new"].size(), 0U);
}

TEST_F(DiffTest, WhatWasSeenBeforeAndJudgedSinceIsNew) {
  host_.minlen = 6;
  (void)scan(host_);
  // The scan had ended when the period began, and the verdict had not.
  from_ = evidence::to_timestamp(now_ - std::chrono::seconds(1));
  Finding finding;
  finding.id = evidence::sha256("late");
  finding.host_id = host_.id;
  finding.check_id = "ACC-ROOT";
  finding.key = finding.row = R"({"username":"late"})";
  finding.frameworks = {"strict"};
  finding.first_seen = finding.opened_at = finding.last_seen = now_ - std::chrono::hours(1);
  EvaluationChange change;
  change.mark = store_->mark(host_.id).value();
  change.findings.push_back(finding);
  ASSERT_TRUE(store_->commit_evaluation(change));
  const auto changes = diff();
  EXPECT_EQ(changes["regressed"].size(), 0U) << changes["regressed"].dump();
  EXPECT_EQ(changes["new"].size(), 2U);
}

TEST_F(DiffTest, EvidenceThatIsLostIsNeitherFixedNorUnchanged) {
  host_.shadowed = "permission_denied: reading /etc/pam.d";
  (void)scan(host_);
  const auto changes = diff();
  ASSERT_EQ(changes["evidence_lost"].size(), 2U) << "one for each figure it was judged by";
  EXPECT_EQ(changes["evidence_lost"][0]["before"], "pass");
  EXPECT_EQ(changes["evidence_lost"][0]["host"]["name"], "web-1");
  EXPECT_EQ(changes["fixed"].size(), 0U);
}

TEST_F(DiffTest, AFindingOfAnUnreadableTableStaysOpen) {
  host_.minlen = 6;
  (void)scan(host_);
  from_ = time();
  host_.shadowed = "permission_denied: reading /etc/pam.d";
  (void)scan(host_);
  const auto changes = diff();
  EXPECT_EQ(changes["fixed"].size(), 0U);
  EXPECT_EQ(changes["summary"]["unchanged"], 1);
  EXPECT_FALSE(get("/api/v1/findings")["items"][0]["confirmed"].get<bool>());
}

TEST_F(DiffTest, TheFindingsOfANewHostSayThatItIsNew) {
  auto late = enroll("late");
  late.minlen = 6;
  (void)scan(late);
  const auto changes = diff();
  EXPECT_EQ(changes["new"][0]["cause"], "new_host");
}

TEST_F(DiffTest, OneHostAtATime) {
  auto other = enroll("other");
  other.minlen = 6;
  (void)scan(other);
  const auto query = "/api/v1/diff?from=" + from_ + "&host=";
  EXPECT_EQ(get(query + "web-1")["new"].size(), 0U);
  EXPECT_EQ(get(query + "other")["new"].size(), 1U);
}

TEST_F(DiffTest, APeriodHasABeginningBeforeItsEnd) {
  EXPECT_EQ(status("/api/v1/diff"), 400);
  EXPECT_EQ(status("/api/v1/diff?from=2026-11-21&to=2026-11-20"), 400);
}

}  // namespace
}  // namespace assay::collector::api
