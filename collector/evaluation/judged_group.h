// The verdicts on a group of questions, and what is found by them: one object for all hosts of
// which the same is true, whatever the tables are that it was seen in.
//
// Never changes; any thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/evaluation.h"
#include "collector/store/posture_groups.h"
#include "collector/store/shared_recent_map.h"
#include "evidence/digest.h"

namespace assay::collector {

// What a verdict on a question is called in the store, and what of its check decides findings. Does
// not need the content that it was made from.
struct QuestionName {
  std::string check_id;
  evidence::Digest check_digest;
  checks::Severity severity = checks::Severity::kMedium;
  std::vector<std::string> key;         // columns that identify a finding
  std::string parameters;               // JSON
  std::vector<std::string> frameworks;  // sorted
};
using SharedName = std::shared_ptr<const QuestionName>;
[[nodiscard]] SharedName name_of(const checks::Question& question);

struct JudgedQuestion {
  SharedName name;
  evidence::Digest key;  // under which the result was first seen
  checks::SharedResult result;
};

struct JudgedGroup {
  // All questions on one check stand in one group.
  std::vector<JudgedQuestion> questions;

  struct OfCheck {
    std::string id;
    // Every one of its verdicts is conclusive: what it does not show is not there.
    bool is_certain = true;
    SharedFindingGroup shown;  // by key; nullptr: nothing
  };
  std::vector<OfCheck> checks;        // by id
  std::vector<std::string> families;  // of the checks, sorted
};
using SharedGroup = std::shared_ptr<const JudgedGroup>;

// The verdict on it as it begins, its result stored under `key`; without host and times.
[[nodiscard]] VerdictInterval interval_of(const JudgedQuestion& question,
                                          const evidence::Digest& key);

// `names` are those of the verdicts' questions, in their order.
[[nodiscard]] JudgedGroup judged_group(std::span<const checks::Verdict> verdicts,
                                       std::span<const SharedName> names);

// Findings may be shown, or kept open.
[[nodiscard]] bool may_show_findings(const checks::CheckResult& result);

// The id of the finding under a key (JSON) of a check on a host.
[[nodiscard]] evidence::Digest finding_id(std::string_view host_id, std::string_view check_id,
                                          std::string_view key);
// JSON of the cells of a row that are in the columns; null for a column that it lacks. Bytes that
// are not UTF-8 as evidence/canonical.h writes them.
[[nodiscard]] std::string key_json(const std::vector<std::string>& columns,
                                   const checks::ResultRow& row);

// The groups that were made lately, so that hosts share them. Safe from any thread.
class JudgedGroups {
 public:
  // The group of these questions that comes to these results, known already or made now.
  // `questions` is their identity, names included.
  [[nodiscard]] SharedGroup share(const evidence::Digest& questions,
                                  std::span<const checks::Verdict> verdicts,
                                  std::span<const SharedName> names);

 private:
  static constexpr std::size_t kMaxEach = 20'000;
  // By the identity and where the results are: the groups keep them there.
  SharedRecentMap<std::string, SharedGroup> groups_{kMaxEach};
};

// Adds to a key where something is, for as long as what stands under that key holds it.
void add_place(std::string& key, const void* place);

}  // namespace assay::collector
