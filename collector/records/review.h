// What stands in a machine's evidence and is on no list of the company.
//
// For one thread and one answer: machines with the same tables are looked at once.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/evaluation.h"
#include "checks/engine/workbench.h"
#include "collector/records/approval_list.h"
#include "evidence/result.h"

namespace assay::collector {

struct Unapproved {
  const SeenIn* seen = nullptr;
  checks::ResultRow row;
};
// The value of a column; NULL where the row has none.
[[nodiscard]] const evidence::Value& value_of(const checks::ResultRow& row,
                                              std::string_view column);
// The columns by which it is the same thing on all machines, as one text.
[[nodiscard]] std::string key_of(const Unapproved& item);

class Reviewer {
 public:
  // `list` must outlive it. `approved` are the list's rows. Of `kinds` alone, unless that is empty.
  Reviewer(const ApprovalList& list, evidence::Table approved, std::string today,
           std::vector<std::string> kinds = {});

  struct Missing {
    std::string table;
    std::string reason;
  };
  struct Answer {
    std::vector<Unapproved> items;
    std::vector<Missing> missing;  // what could not be looked at: the answer says nothing of it
  };
  // kInternal, kTooLarge, and what reading the tables ends with.
  [[nodiscard]] Result<Answer> review(const checks::TableSource& tables,
                                      const std::string& host_name);

 private:
  using Rows = std::shared_ptr<const std::vector<checks::ResultRow>>;
  Result<Rows> rows_of(const SeenIn& seen, const checks::TableSource& tables,
                       const std::string& host_name);
  Result<Rows> compute(const SeenIn& seen, const checks::TableSource& tables,
                       const std::string& host_name);

  const ApprovalList& list_;
  evidence::Table approved_;
  std::string today_;
  std::vector<std::string> kinds_;
  checks::Workbench bench_;
  std::map<std::string, Rows> known_;  // by the digests of what was read
};

// The cells of a new row of the list that approves the thing, this version alone when `is_exact`.
[[nodiscard]] std::vector<std::pair<std::string, evidence::Value>> proposal_for(
    const ApprovalList& list, const Unapproved& item, bool is_exact);

}  // namespace assay::collector
