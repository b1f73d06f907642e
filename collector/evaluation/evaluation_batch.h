// Hosts that are judged together: each by itself, the store's share of it once for all. What the
// first host of an image brings in new results the next ones find, before anything is stored.
//
// Belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/engine/workbench.h"
#include "collector/evaluation/asked.h"
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
  // all of this already. kNotFound: no such host or no snapshot. kInvalidData: what is stored is
  // damaged. kConflict: results were removed since the batch began.
  [[nodiscard]] Result<bool> add(const std::string& host_id);

  struct Done {
    Status status;               // kConflict: the host was judged in between
    bool is_unchanged = false;   // nothing that decides a verdict had changed
    std::int64_t evaluated = 0;  // results computed, and not found in the cache
  };
  // One for each host that add() said true of, in that order. Fails as the store does; nothing is
  // written then.
  [[nodiscard]] Result<std::vector<Done>> commit();

 private:
  Result<bool> judge(const Host& host, const Snapshot& snapshot, const evidence::Manifest& manifest,
                     const RegisterEntry& entry, const EvaluationMark& mark);
  // Of the results that the change's verdicts refer to, those that are to be stored with it. Where
  // the same check said the same of other tables before, a verdict refers to that.
  void add_results(EvaluationChange& change, const checks::EvaluationOutcome& outcome);
  void wait_for_commit(EvaluationChange change, Done done, std::optional<std::string> os);

  Store& store_;
  const Terms terms_;
  checks::Workbench& bench_;
  // From the first host on: how often results had been removed by then, and what is known since.
  std::int64_t removals_ = 0;
  std::shared_ptr<RememberedResults> remembered_;
  std::optional<StoredResults> results_;
  std::vector<EvaluationChange> changes_;
  std::vector<Done> done_;                                                  // of each change
  std::unordered_map<evidence::Digest, checks::SharedResult> new_results_;  // of all changes
  std::unordered_map<evidence::Digest, evidence::Digest> new_said_;         // what they say
  std::vector<std::optional<std::string>> os_;  // of each change: the system's new name
};

}  // namespace assay::collector
