// One host, judged group by group: whoever knows already what some of the groups come to need not
// ask for them. Tables are loaded only when a result is not in the cache.
//
// Belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/engine/evaluation.h"
#include "checks/engine/workbench.h"

namespace assay::checks {

class HostEvaluation {
 public:
  // What `input` names must outlive it, as must the others; `input.plan` and `input.workbench` are
  // not asked for.
  HostEvaluation(const EvaluationInput& input, const Plan& plan, Workbench& workbench)
      : input_(input), plan_(plan), workbench_(workbench), tables_(plan.tables().size()) {}

  // What all questions see in the table at that place of Plan::tables(), be it the host's, the day
  // or reference data; without a digest it cannot be used.
  const TableSource::Entry& table(std::size_t place);
  // The keys of the group's results, in its order; until the next call.
  [[nodiscard]] const std::vector<evidence::Digest>& keys(const Plan::Group& group) {
    return workbench_.keys(plan_, group, digest_of(group));
  }
  // Adds the tables of a group that would have to be loaded to judge it.
  void add_wanted(const Plan::Group& group, std::set<std::string>* tables);
  // The verdicts on a group's questions, in the group's order. Of a question whose result `known`
  // has (nullptr: not), by its place in the group, that is taken.
  // `keys` are those of the group.
  [[nodiscard]] std::vector<Verdict> judge(
      const Plan::Group& group, const std::vector<evidence::Digest>& keys,
      const std::function<SharedResult(std::size_t)>& known = {});
  // Whether anything of the group that was judged last could not be worked out, and may be the next
  // time: such a result is not cached.
  [[nodiscard]] bool has_failed() const { return failures_ > 0; }
  // How many results were computed and not found in the cache.
  [[nodiscard]] std::int64_t evaluated() const { return evaluated_; }

 private:
  const TableSource::Entry& table(const std::string& name);
  TableSource::Entry look_up(const std::string& name);
  // nullopt: the table is the host's own.
  std::optional<TableSource::Entry> look_up_for_all(const std::string& name);
  // Of all that a group's verdicts depend on in the tables.
  evidence::Digest digest_of(const Plan::Group& group);
  SharedResult result_under(const evidence::Digest& key, const Question& question);
  // Why the check cannot be judged; empty when all its tables are there.
  std::string missing(const Check& check);
  bool can_tell_whether_it_applies(const Check& check);
  SharedResult result_of(const Question& question);
  Result<CheckResult> compute(const Question& question, const std::string& missing);
  Result<bool> applies(const Question& question);
  Result<std::vector<ResultRow>> facts(const Question& question);
  Status violations(const Check& check, CheckResult* result);
  Status load(const std::string& name);
  // Its own tables have been loaded.
  Status load_derived(const std::string& name);

  const EvaluationInput& input_;
  const Plan& plan_;
  Workbench& workbench_;
  std::optional<evidence::Header> parameters_header_;
  std::vector<std::optional<TableSource::Entry>> tables_;  // that were looked up, by place
  // Many checks share the same words for whom they apply to and for their facts. The tables stay as
  // they are during one evaluation, so what was asked once under the same figures need not be
  // again.
  using Asked = std::pair<std::string_view, const ParameterValues*>;
  struct ByContent {
    bool operator()(const Asked& a, const Asked& b) const {
      return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    }
  };
  std::map<Asked, bool, ByContent> applies_;
  std::map<Asked, std::vector<ResultRow>, ByContent> facts_;
  std::int64_t evaluated_ = 0;
  std::int64_t failures_ = 0;  // of the group that was judged last
};

}  // namespace assay::checks
