// What was judged is held against what the evidence comes to.
#include <vector>

#include "collector/store/seal.h"
#include "evidence/compress.h"
#include "tests/unit/collector/fsck/examined_store.h"

namespace assay::collector::api {
namespace {

class Judgements : public FsckTest {
 protected:
  // A host of which the second scan showed something else than the first, one whose findings cannot
  // be confirmed any more, and one that nothing is wrong with.
  Judgements() {
    weak_.minlen = 8;
    weak_.roots = {"root", "toor"};
    (void)scan(weak_);
    weak_.minlen = 9;
    (void)scan(weak_);
    shadowed_.minlen = 7;
    (void)scan(shadowed_);
    shadowed_.shadowed = "permission denied";
    (void)scan(shadowed_);
    log();
  }

  // `sql` is done to a copy, and what is found says so.
  void expect_found(const std::string& sql, const std::string& said) {
    const auto lines = found_after(sql);
    EXPECT_NE(lines.find(said), std::string::npos) << sql << "\n" << lines;
  }

  Machine weak_ = enroll("weak-1");
  Machine shadowed_ = enroll("shadowed-1");
};

TEST_F(Judgements, WhatNobodyTouchedIsAsTheEvidenceHasIt) {
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.judged_again, 4);
  EXPECT_EQ(counts_.not_judged_again, 0);
  EXPECT_GT(counts_.results, 0);
}

TEST_F(Judgements, AVerdictThatSaysSomethingElseIsFound) {
  const std::string in_force = " WHERE until IS NULL AND state = 'fail'";
  expect_found("UPDATE verdicts SET state = 'pass'" + in_force,
               "it says pass, and the evidence comes to fail");
  expect_found("UPDATE verdicts SET reason = 'because'" + in_force, "it states another reason");
  expect_found("UPDATE verdicts SET frameworks = ',mild,'" + in_force, "other frameworks");
  expect_found("UPDATE verdicts SET check_digest = zeroblob(32)" + in_force, "another rule");
  expect_found("UPDATE verdicts SET key = zeroblob(32)" + in_force, "its result is missing");
  expect_found(
      "UPDATE verdicts SET key = (SELECT key FROM results WHERE key <> verdicts.key)" + in_force,
      "its result is another");
  expect_found("UPDATE verdicts SET check_id = 'PWD-OTHER'" + in_force, "is missing");
  expect_found("UPDATE verdicts SET until = since + 1" + in_force, "is missing");
  expect_found("DELETE FROM verdicts" + in_force, "is missing");
  expect_found("DELETE FROM verdict_groups", "it is missing: the evidence comes to pass");
  expect_found("UPDATE verdict_groups SET until = since + 1", "is missing");
  expect_found("UPDATE verdict_groups SET host_id = '" + weak_.id + "' WHERE host_id = '" +
                   shadowed_.id + "'",
               "is missing");
}

TEST_F(Judgements, AFindingThatTheEvidenceDoesNotShowIsFound) {
  const std::string of_weak = " WHERE host_id = '" + weak_.id + "'";
  expect_found("UPDATE findings SET state = 'resolved', resolved_at = 1" + of_weak,
               "it is not open, and the evidence shows it");
  expect_found("UPDATE findings SET severity = 0" + of_weak, "another severity");
  expect_found("UPDATE findings SET row = '{}'" + of_weak, "another row");
  expect_found("UPDATE findings SET frameworks = ',mild,'" + of_weak, "other frameworks");
  expect_found("UPDATE findings SET is_confirmed = 0" + of_weak, "called unconfirmed");
  expect_found("UPDATE findings SET key = '{}'" + of_weak, "another id");
  expect_found("UPDATE findings SET check_id = 'PWD-OTHER'" + of_weak, "another id");
  expect_found("DELETE FROM findings" + of_weak, "the evidence shows it");
  expect_found("UPDATE findings SET is_confirmed = 1 WHERE host_id = '" + shadowed_.id + "'",
               "called confirmed");
  expect_found("DELETE FROM finding_groups", "the evidence shows it");
  expect_found("UPDATE finding_groups SET severity = severity + 1", "another severity");
  expect_found("UPDATE finding_groups SET ids = zeroblob(length(ids))", "another id");
  expect_found("UPDATE finding_groups SET host_id = '" + shadowed_.id + "'", "another id");
}

TEST_F(Judgements, AnotherMarkIsFound) {
  const std::string of_weak = " WHERE host_id = '" + weak_.id + "'";
  expect_found("UPDATE marks SET input = zeroblob(32)" + of_weak, "other inputs");
  expect_found("UPDATE marks SET day = '2026-11-19'" + of_weak, "other inputs");
  expect_found("UPDATE marks SET scanned_at = scanned_at - 1" + of_weak, "another time");
  expect_found("UPDATE marks SET register_entry = 7" + of_weak, "has no entry");
  expect_found("UPDATE marks SET snapshot = zeroblob(32)" + of_weak, "is missing");
  expect_found("UPDATE marks SET snapshot = (SELECT snapshot FROM marks WHERE host_id = '" +
                   shadowed_.id + "')" + of_weak,
               "another host's snapshot");
  expect_found("DELETE FROM marks" + of_weak, "nothing of the kind is asked");
}

TEST_F(Judgements, WhatAHostIsCalledIsHeldAgainstItsManifest) {
  for (const auto* change : {"name = 'web-9'", "profile = 'pc'"})
    expect_found("UPDATE hosts SET " + std::string(change), "its latest snapshot");
}

TEST_F(Judgements, EveryAlteredByteOfAResultIsFound) {
  judges_again_ = false;  // by its seal
  Database database(path());
  int altered = 0;
  for (const auto* column : {"key", "frame"})
    for (const auto& cell : database.cells("results", column))
      for (int i = 0; i <= 20; ++i) {
        ASSERT_TRUE(alter(database, cell, i / 20.0));
        ++altered;
        EXPECT_NE(found(), "") << column << " of row " << cell.row << " at " << i;
        restore(database, cell);
      }
  EXPECT_GT(altered, 100);
  EXPECT_EQ(found(), "") << "all of it was restored";
}

// Somebody who knows how results are sealed writes a better one.
TEST_F(Judgements, AForgedResultIsFound) {
  Database database(path());
  const auto keys =
      database.texts("SELECT lower(hex(key)) FROM verdicts WHERE until IS NULL AND state = 'fail'");
  ASSERT_FALSE(keys.empty());
  const auto key = evidence::Digest::from_hex(keys[0]).value();
  auto result = checks::result_from_json(store_->result(key).value()).value();
  result.rows.clear();
  result.row_count = 0;
  const auto forged = sealed(evidence::compress(checks::to_json(result)).value(), key.raw());
  expect_found("UPDATE results SET frame = x'" + evidence::to_hex(forged) + "' WHERE key = x'" +
                   keys[0] + "'",
               "its result is another than the evidence comes to");
}

// They have no seal, and are judged by all the same.
TEST_F(Judgements, ResultsFromBeforeTheSealAreRead) {
  Database database(path());
  database.texts("UPDATE results SET frame = substr(frame, 9)");
  EXPECT_EQ(found(), "");
  EXPECT_GT(counts_.results, 0);
}

TEST_F(Judgements, WhatWasApprovedThenCounts) {
  weak_.packages = {"vim"};
  (void)scan(weak_);
  wait(std::chrono::hours(1));
  const auto approved =
      post("/api/v1/approvals/allowlist", Role::kOperator,
           R"({"rows":[{"kind":"deb","name":"vim"}],"until":"2027-06-30","note":"needed"})");
  ASSERT_EQ(approved.status, 200) << approved.body;
  log();
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.judged_again, 4);
}

TEST_F(Judgements, WhatWasJudgedByOtherRulesIsCounted) {
  set_strict_length(20);  // and nobody has judged since
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.judged_again, 0);
  EXPECT_EQ(counts_.not_judged_again, 4);
}

TEST_F(Judgements, AHostWithoutASnapshotIsCounted) {
  (void)enroll("new-1");
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.judged_again, 4);
  EXPECT_EQ(counts_.not_judged_again, 1);
}

}  // namespace
}  // namespace assay::collector::api
