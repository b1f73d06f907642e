// Judges a host's latest snapshot and records what that changes.
//
// Safe from any thread; waits for the store and computes, so not on a thread of the network.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/result_memory.h"
#include "checks/engine/workbench.h"
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

  [[nodiscard]] std::shared_ptr<const checks::Content> content() const;
  void set_content(std::shared_ptr<const checks::Content> content);
  // The day by which hosts are judged: the date in UTC, YYYY-MM-DD.
  [[nodiscard]] std::string today() const;
  [[nodiscard]] EvaluationCounts counts() const;

 private:
  // A content, and what it asks of the hosts of each profile.
  struct Asked {
    explicit Asked(std::shared_ptr<const checks::Content> from);
    // nullptr for a profile that there is not.
    [[nodiscard]] const checks::Plan* plan(std::string_view profile) const;

    std::shared_ptr<const checks::Content> content;
    checks::Plan server;
    checks::Plan pc;
  };

  [[nodiscard]] std::shared_ptr<const Asked> asked() const;
  // What is remembered of results; none of it was read before that many removals.
  [[nodiscard]] std::shared_ptr<checks::ResultMemory> memory_since(std::int64_t removals);
  Status evaluate_once(const std::string& host_id);
  Status judge(const Host& host, const Snapshot& snapshot, const RegisterEntry& entry,
               EvaluationMark mark, const Asked& asked);

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
  std::shared_ptr<checks::ResultMemory> memory_;
  std::int64_t removals_ = 0;  // before which memory_ was empty
  std::atomic<std::int64_t> hosts_ = 0;
  std::atomic<std::int64_t> unchanged_ = 0;
  std::atomic<std::int64_t> results_ = 0;
};

}  // namespace assay::collector
