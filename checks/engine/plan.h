// What is asked of the hosts of one profile: each check, once for each set of parameter values that
// its frameworks judge by. Made once for content and profile, then read by every evaluation.
//
// Never changes; any thread. The content must outlive it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "evidence/digest.h"

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
  // The tables that any question reads, sorted by name.
  [[nodiscard]] const std::vector<std::string>& tables() const { return tables_; }

  // Questions that read the same tables: what these are like is looked at once for all of them.
  struct Group {
    std::vector<std::size_t> tables;     // in tables()
    std::vector<std::size_t> questions;  // in questions()
    evidence::Digest identity;           // of the questions
  };
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

  // The key of a question's result: SHA-256 over the digest of what is asked (the check's digest
  // and the figures it reads) and that of the tables it reads (names, digests, reasons).
  [[nodiscard]] evidence::Digest key(std::size_t question, const evidence::Digest& tables) const;

 private:
  std::vector<std::shared_ptr<const Question>> questions_;
  std::vector<evidence::Digest> asked_;  // by question
  std::vector<std::string> tables_;
  std::vector<Group> groups_;
};

}  // namespace assay::checks
