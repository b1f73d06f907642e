// Judges hosts once more, from their evidence alone, and holds what the store says of them against
// that: the verdicts in force and their results, the findings, the system that it runs, and by what
// it was judged.
// Nothing is taken from what was judged before but by which day and content; nothing is written.
//
// What is over cannot be told so: neither verdicts that have ended nor when one began.
//
// Belongs to one thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/result_memory.h"
#include "checks/engine/workbench.h"
#include "collector/evaluation/asked.h"
#include "collector/evaluation/held_against.h"
#include "collector/evaluation/judged_host.h"
#include "collector/store/store.h"
#include "evidence/result.h"

namespace assay::collector {

class SecondJudgement {
 public:
  // `store` must outlive it. `base` is the content of the files, without what was approved.
  SecondJudgement(Store& store, std::shared_ptr<const checks::Content> base);

  enum class Outcome {
    kJudged,
    kNeverJudged,   // by anybody
    kOtherContent,  // it was judged by content that there is no more
    kGone,          // what it was judged by was removed when its time was over
    kBusy,          // it was judged again and again meanwhile
  };
  // kInvalidData: its evidence cannot be read.
  [[nodiscard]] Result<Outcome> look_at(const std::string& host_id,
                                        std::vector<Difference>* differences);

 private:
  [[nodiscard]] Result<Outcome> look_once(const HostToJudge& host,
                                          std::vector<Difference>* differences);
  // nullptr: there is no such content any more.
  [[nodiscard]] Result<std::shared_ptr<const Asked>> content_of(const EvaluationMark& mark);
  // What the evidence comes to.
  [[nodiscard]] Result<FreshJudgement> judge(const EvaluationMark& mark, const Asked& asked,
                                             const Snapshot& snapshot,
                                             const RegisterTables& recorded);
  // As the store has it; nullptr when it has none under that key.
  [[nodiscard]] Result<checks::SharedResult> stored(const evidence::Digest& key);

  static constexpr std::size_t kMaxContents = 16;
  static constexpr std::size_t kMaxResults = 20'000;

  // Results that were computed here, as they are when they are read.
  class Computed final : public checks::ResultCache {
   public:
    [[nodiscard]] checks::SharedResult find(const evidence::Digest& key) override {
      return memory_.find(key);
    }
    checks::SharedResult store(const evidence::Digest& key, checks::SharedResult result) override;

   private:
    checks::ResultMemory memory_{kMaxResults};
  };

  Store& store_;
  const std::shared_ptr<const checks::Content> base_;
  std::map<evidence::Digest, std::shared_ptr<const Asked>> contents_;  // by content
  std::set<evidence::Digest> unknown_contents_;
  checks::Workbench bench_;
  JudgedHosts hosts_;
  Computed computed_;
  checks::ResultMemory stored_{kMaxResults};
  SharedRecentMap<std::string, SharedGroup> groups_{kMaxResults};  // by questions and tables
};

}  // namespace assay::collector
