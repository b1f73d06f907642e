// Judges the latest snapshots of hosts and records what that changes.
//
// Safe from any thread; waits for the store and computes, so not on a thread of the network.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/workbench.h"
#include "collector/evaluation/asked.h"
#include "collector/evaluation/stored_results.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// What all evaluations did since the start.
struct EvaluationCounts {
  std::int64_t hosts = 0;      // evaluations recorded
  std::int64_t unchanged = 0;  // of those: nothing that decides a verdict had changed
  std::int64_t results = 0;    // results computed, and not found in the cache
};

class Evaluator {
 public:
  // `store` must outlive it.
  Evaluator(Store& store, std::shared_ptr<const checks::Content> content,
            std::function<evidence::Seconds()> now);

  // Does nothing when the latest snapshot was judged by this content and what the register says of
  // the host today already.
  // kNotFound: no such host or no snapshot. kInvalidData: what is stored is damaged.
  [[nodiscard]] Status evaluate(const std::string& host_id);
  // The same for several at once, with one commit for all. One answer for each, in their order.
  [[nodiscard]] std::vector<Status> evaluate_all(std::span<const std::string> host_ids);

  [[nodiscard]] std::shared_ptr<const checks::Content> content() const;
  void set_content(std::shared_ptr<const checks::Content> content);
  // The day by which hosts are judged: the date in UTC, YYYY-MM-DD.
  [[nodiscard]] std::string today() const;
  [[nodiscard]] EvaluationCounts counts() const;

 private:
  [[nodiscard]] std::shared_ptr<const Asked> asked() const;
  // What is remembered of results; none of it was read before that many removals.
  [[nodiscard]] std::shared_ptr<RememberedResults> memory_since(std::int64_t removals);
  void evaluate_once(std::span<const std::string> host_ids, std::span<const std::size_t> places,
                     std::vector<Status>& answers);

  // A database for each thread that judges, kept for the next host.
  class Benches {
   public:
    [[nodiscard]] std::unique_ptr<checks::Workbench> take();
    void give_back(std::unique_ptr<checks::Workbench> bench);

   private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<checks::Workbench>> idle_;
  };

  Store& store_;
  Benches benches_;
  std::function<evidence::Seconds()> now_;
  mutable std::mutex mutex_;  // of the next three
  std::shared_ptr<const Asked> asked_;
  std::shared_ptr<RememberedResults> memory_;
  std::int64_t removals_ = 0;  // before which memory_ was empty
  std::atomic<std::int64_t> hosts_ = 0;
  std::atomic<std::int64_t> unchanged_ = 0;
  std::atomic<std::int64_t> results_ = 0;
};

}  // namespace assay::collector
