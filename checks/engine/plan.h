// What is asked of the hosts of one profile: each check, once for each set of parameter values that
// its frameworks judge by. Made once for content and profile, then read by every evaluation.
//
// Never changes; any thread. The content must outlive it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"

namespace assay::checks {

using ParameterValues = std::map<std::string, evidence::Value>;

struct Question {
  const Check* check = nullptr;
  ParameterValues parameters;           // only those that the check reads
  std::vector<std::string> frameworks;  // ids that share the values; empty for a check of none

  // True where the frameworks fix no figure at all: then there is nothing to judge.
  [[nodiscard]] bool asks_nothing() const;
};

class Plan {
 public:
  Plan(const Content& content, std::string_view profile);

  // Sorted by check id, then parameters.
  [[nodiscard]] const std::vector<std::shared_ptr<const Question>>& questions() const {
    return questions_;
  }
  // What a result's key begins with, for the question at `index`; lines for the tables follow.
  [[nodiscard]] const std::string& key_head(std::size_t index) const { return key_heads_[index]; }

 private:
  std::vector<std::shared_ptr<const Question>> questions_;
  std::vector<std::string> key_heads_;
};

}  // namespace assay::checks
