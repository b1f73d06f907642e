// What was judged is kept once for all hosts of which it is the same, under its digest.
#include <map>

#include "tests/unit/collector/fsck/examined_store.h"

namespace assay::collector::api {
namespace {

class KeptSets : public FsckTest {
 protected:
  // Verdicts of a family and findings of a check that begin at once, as fleets have them.
  void judge_at_once() {
    EvaluationChange change;
    change.mark = store_->mark(store_->hosts({}, {})->items.at(0).id).value();
    change.mark.evaluated_at = now_;
    for (const auto* check : {"ZZZ-A", "ZZZ-B", "ZZZ-C"}) {
      VerdictInterval verdict;
      verdict.host_id = change.mark.host_id;
      verdict.check_id = check;
      verdict.parameters = "{}";
      verdict.frameworks = {"strict"};
      verdict.state =
          check == std::string("ZZZ-A") ? checks::State::kUnknown : checks::State::kFail;
      verdict.reason = "because";
      verdict.key = evidence::sha256(check);
      verdict.check_digest = evidence::sha256("rule");
      verdict.since = now_;
      change.begun.push_back(verdict);
      Finding finding;
      finding.id = evidence::sha256(check);
      finding.host_id = change.mark.host_id;
      finding.check_id = "ZZZ-B";
      finding.key = check;
      finding.row = "{}";
      finding.frameworks = {"strict"};
      finding.first_seen = finding.opened_at = finding.last_seen = now_;
      change.appeared.push_back(finding);
    }
    const auto done = store_->commit_evaluation(change);
    EXPECT_TRUE(done) << done.error().message();
  }
};

TEST_F(KeptSets, ASetThatSaysSomethingElseIsFound) {
  judge_at_once();
  judges_again_ = false;
  EXPECT_EQ(found(), "");
  const auto state = "state = CASE state WHEN 'unknown' THEN 'unknowo' ELSE 'unknown' END";
  const std::map<std::string, std::vector<std::string>> changes = {
      {"verdict_sets",
       {"check_id = check_id || 'x'", "parameters = parameters || ' '",
        "frameworks = frameworks || 'x'", "frameworks = substr(frameworks, 2)", state,
        "reason = reason || 'x'", "key = zeroblob(32)", "check_digest = zeroblob(32)",
        "digest = zeroblob(32) WHERE digest = (SELECT min(digest) FROM verdict_sets)"}},
      {"finding_sets",
       {"row = row || ' '", "key = 'x' || key", "frameworks = frameworks || 'x'", "at = at + 10",
        "digest = zeroblob(32)"}}};
  for (const auto& [table, all] : changes) {
    for (const auto& change : all)
      EXPECT_NE(found_after("UPDATE " + table + " SET " + change).find("what was stored"),
                std::string::npos)
          << table << ": " << change;
    EXPECT_NE(found_after("DELETE FROM " + table + " WHERE digest IN (SELECT digest FROM " + table +
                          " ORDER BY digest LIMIT 1)"),
              "")
        << table;
  }
}

}  // namespace
}  // namespace assay::collector::api
