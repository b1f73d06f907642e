// Keeps what hosts are judged by in step with what is approved: the content of the files, and over
// it the approvals in force today.
//
// Safe from any thread; waits for the store.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "checks/engine/content.h"
#include "collector/evaluation/evaluator.h"
#include "collector/store/store.h"

namespace assay::collector {

class ContentKeeper {
 public:
  // `store` and `evaluator` must outlive it. `base` is the content of the files.
  ContentKeeper(Store& store, Evaluator& evaluator, std::shared_ptr<const checks::Content> base,
                std::function<evidence::Seconds()> now);

  // Reads what is approved and hands the evaluator another content if that has changed.
  [[nodiscard]] Status refresh();
  // The same when the day has changed, at which approvals end, or when the last refresh failed.
  [[nodiscard]] Status refresh_if_due();
  // The content of the files is another one from now on. When what is approved cannot be read,
  // hosts go on being judged by the one before.
  [[nodiscard]] Status replace(std::shared_ptr<const checks::Content> base);

 private:
  Status refresh_locked();

  Store& store_;
  Evaluator& evaluator_;
  std::shared_ptr<const checks::Content> base_;
  std::function<evidence::Seconds()> now_;
  std::mutex mutex_;
  std::string day_;  // of the last refresh that succeeded; empty: none, or a later one failed
};

}  // namespace assay::collector
