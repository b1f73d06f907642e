// Hosts that are judged together: each by itself, the store's share of it once for all. What the
// first host of an image brings in new results the next ones find, before anything is stored.
//
// Belongs to one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/engine/host_evaluation.h"
#include "checks/engine/workbench.h"
#include "collector/evaluation/asked.h"
#include "collector/evaluation/judged_host.h"
#include "collector/evaluation/life_cycle.h"
#include "collector/evaluation/recorded_tables.h"
#include "collector/evaluation/snapshot_tables.h"
#include "collector/evaluation/stored_results.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

class EvaluationBatch {
 public:
  struct Terms {
    std::shared_ptr<const Asked> asked;
    std::string day;  // YYYY-MM-DD, by which is judged
    evidence::Seconds now;
    // What is remembered of results; none of it was read before that many removals.
    std::function<std::shared_ptr<RememberedResults>(std::int64_t removals)> memory_since;
  };
  // `store` and `bench` must outlive it.
  EvaluationBatch(Store& store, Terms terms, checks::Workbench& bench);

  // Judges a host's latest snapshot; what that changes waits for commit(). False: it was judged by
  // all of this already. kNotFound: it has no snapshot. kInvalidData: what is stored is damaged.
  // kConflict: results were removed since the batch began.
  [[nodiscard]] Result<bool> add(HostToJudge host);

  struct Done {
    Status status;               // kConflict: the host was judged in between
    bool is_unchanged = false;   // nothing that decides a verdict had changed
    std::int64_t evaluated = 0;  // results computed, and not found in the cache
  };
  // One for each host that add() said true of, in that order. Fails as the store does; nothing is
  // written then.
  [[nodiscard]] Result<std::vector<Done>> commit();

 private:
  struct Subject;    // what is known of a host when it is judged
  struct Judgement;  // what that came to
  Result<Subject> look_at(HostToJudge host);
  // `own` are the host's tables, of which `tables` has those that nothing is recorded for.
  Result<Judgement> judge(Subject& subject, StoredTables& own, const RecordedTables& tables);
  // Judges the groups whose questions or tables are not as before; those of which something else
  // is said than before go into `input`.
  void follow_groups(checks::HostEvaluation& evaluation, const Questions& questions,
                     const Judged* before, StoredTables& own, Judged& now, LifeCycleInput& input);
  struct Following;  // what is known of a group before it is judged
  // Asks the store for what judging the groups takes: results together, and what has to be computed
  // from tables together.
  void ask_ahead(checks::HostEvaluation& evaluation, const Questions& questions,
                 std::span<Following> followed, StoredTables& own);
  Following begin_following(const Questions& questions, std::size_t place, const Judged* before,
                            const SinceOutline* places, const Judged& now);
  SharedGroup judge_group(checks::HostEvaluation& evaluation, const Questions& questions,
                          std::size_t place, const Following& following);
  // Under which key the result is stored when the change is. Where the same check said the same of
  // other tables before, that is another one; a new one is added to the change.
  evidence::Digest stored_key(const JudgedQuestion& question, EvaluationChange& change);
  // The verdicts that begin refer to results that are stored then.
  void add_results(EvaluationChange& change, const std::vector<SharedGroup>& judged);
  // All verdicts begin.
  void begin_families(EvaluationChange& change, const std::vector<SharedGroup>& judged);
  void wait_for_commit(const Subject& subject, Judgement judgement);
  const SinceOutline& since(const std::shared_ptr<const Outline>& before,
                            const std::shared_ptr<const Outline>& now);

  Store& store_;
  const Terms terms_;
  checks::Workbench& bench_;
  // From the first host on: how often results had been removed by then, and what is known since.
  std::int64_t removals_ = 0;
  std::shared_ptr<RememberedResults> remembered_;
  std::optional<StoredResults> results_;
  std::vector<EvaluationChange> changes_;
  std::vector<Done> done_;                                // of each change
  std::vector<std::shared_ptr<const JudgedHost>> hosts_;  // of each change; nullptr: not known
  std::unordered_map<evidence::Digest, checks::SharedResult> new_results_;  // of all changes
  std::unordered_map<evidence::Digest, evidence::Digest> new_said_;         // what they say
  std::unordered_map<std::string, SharedFamily> new_families_;              // that refer to them
  using Outlines =
      std::pair<std::shared_ptr<const Outline>, std::shared_ptr<const Outline>>;  // before, now
  std::map<Outlines, SinceOutline> since_;
};

}  // namespace assay::collector
