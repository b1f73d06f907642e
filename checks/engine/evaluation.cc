#include "checks/engine/evaluation.h"

#include <algorithm>
#include <set>

#include "checks/engine/compiler.h"
#include "checks/engine/workbench.h"
#include "evidence/canonical.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

constexpr std::int64_t kMaxFacts = 200;
// A row with this column set cannot be judged; it is no violation.
constexpr std::string_view kUnknownReason = "unknown_reason";

evidence::Table clock_table(std::string_view today) {
  evidence::Table table(*evidence::find_table("clock"));
  const auto date = evidence::from_date(today);
  const std::int64_t day = date ? date->time_since_epoch().count() / 86'400 : 0;
  table.add({{"today", std::string(today)}, {"day", day}});
  return table;
}

std::vector<ResultRow> named_rows(const QueryResult& result) {
  std::vector<ResultRow> rows;
  for (const auto& row : result.rows) {
    ResultRow named;
    for (std::size_t i = 0; i < row.size(); ++i)
      named.cells.emplace_back(result.columns[i], row[i]);
    rows.push_back(std::move(named));
  }
  return rows;
}

// What somebody else owns for as long as it is needed.
std::shared_ptr<const evidence::Table> borrowed(const evidence::Table& table) {
  return {std::shared_ptr<const void>(), &table};
}

// One evaluation: tables are loaded only when a result is not in the cache.
class Evaluator {
 public:
  Evaluator(const EvaluationInput& input, Workbench& workbench)
      : input_(input),
        workbench_(workbench),
        parameters_header_(parameters_header(*input.content)) {}

  Verdict judge(std::shared_ptr<const Question> question, const std::string& key_head);
  [[nodiscard]] std::int64_t evaluated() const { return evaluated_; }

 private:
  // One table as all checks of this evaluation see it.
  struct Known {
    std::string digest;  // hex; empty: it cannot be used
    std::string reason;  // then: why
    std::string key_line;
  };
  const Known& known(const std::string& table);
  Known look_up(const std::string& table);
  // Why the check cannot be judged; empty when all its tables are there.
  std::string missing(const Check& check);
  bool can_tell_whether_it_applies(const Check& check);
  SharedResult result_of(const Question& question);
  Result<CheckResult> compute(const Question& question, const std::string& missing);
  Result<bool> applies(const Question& question);
  Result<std::vector<ResultRow>> facts(const Question& question);
  Status violations(const Check& check, CheckResult* result);
  Status load(const std::string& table);

  const EvaluationInput& input_;
  Workbench& workbench_;
  const evidence::Header parameters_header_;
  std::map<std::string, Known, std::less<>> known_;
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
};

Evaluator::Known Evaluator::look_up(const std::string& table) {
  if (table == "clock") {
    const auto bytes = evidence::to_canonical(clock_table(input_.today));
    return bytes ? Known{evidence::sha256(*bytes).hex(), {}, {}}
                 : Known{{}, bytes.error().message(), {}};
  }
  const auto* spec = evidence::find_table(table);
  if (spec != nullptr && spec->origin == evidence::Origin::kReference) {
    const auto reference = input_.content->references.find(table);
    if (reference == input_.content->references.end())
      return {{}, "no such reference data has been loaded", {}};
    auto reason = reason_against(reference->second, input_.today);
    if (!reason.empty()) return {{}, std::move(reason), {}};
    return {reference->second.digest.hex(), {}, {}};
  }
  auto entry = input_.tables->find(table);
  if (entry.digest) return {entry.digest->hex(), {}, {}};
  return {{}, entry.reason.empty() ? "the snapshot does not have it" : std::move(entry.reason), {}};
}

const Evaluator::Known& Evaluator::known(const std::string& table) {
  const auto before = known_.find(table);
  if (before != known_.end()) return before->second;
  auto found = look_up(table);
  found.key_line =
      table + " " + (found.digest.empty() ? "unavailable " + found.reason : found.digest) + "\n";
  return known_.emplace(table, std::move(found)).first->second;
}

std::string Evaluator::missing(const Check& check) {
  std::string reasons;
  for (const auto& table : check.tables)
    if (const auto& one = known(table); one.digest.empty())
      reasons += (reasons.empty() ? "" : "; ") + table + ": " + one.reason;
  return reasons;
}

bool Evaluator::can_tell_whether_it_applies(const Check& check) {
  return std::ranges::none_of(check.applies_tables, [this](const std::string& table) {
    return known(table).digest.empty();
  });
}

Status Evaluator::load(const std::string& table) {
  using Shared = std::shared_ptr<const evidence::Table>;
  return workbench_.put(table, known(table).digest, [&]() -> Result<Shared> {
    if (table == "clock") return std::make_shared<const evidence::Table>(clock_table(input_.today));
    if (const auto reference = input_.content->references.find(table);
        reference != input_.content->references.end())
      return borrowed(reference->second.table);
    return input_.tables->share(table);
  });
}

Result<bool> Evaluator::applies(const Question& question) {
  const std::string& sql = question.check->applies;
  if (sql.empty()) return true;
  const Asked asked{sql, &question.parameters};
  if (const auto before = applies_.find(asked); before != applies_.end()) return before->second;
  const auto rows = workbench_.database().query(sql, 1);
  if (!rows) return fail(rows.error());
  return applies_.emplace(asked, rows->row_count > 0).first->second;
}

Result<std::vector<ResultRow>> Evaluator::facts(const Question& question) {
  const std::string& sql = question.check->facts;
  if (sql.empty()) return std::vector<ResultRow>();
  const Asked asked{sql, &question.parameters};
  if (const auto before = facts_.find(asked); before != facts_.end()) return before->second;
  const auto rows = workbench_.database().query(sql, kMaxFacts);
  if (!rows) return fail(rows.error());
  return facts_.emplace(asked, named_rows(*rows)).first->second;
}

Status Evaluator::violations(const Check& check, CheckResult* result) {
  constexpr std::int64_t kAll = evidence::kMaxRows;
  auto answer = workbench_.database().query(check.query, kAll);
  if (!answer) return fail(answer.error());
  std::set<std::string> reasons;
  for (auto& row : named_rows(*answer)) {
    const auto found = std::ranges::find(row.cells, kUnknownReason,
                                         &std::pair<std::string, evidence::Value>::first);
    if (found != row.cells.end()) {
      if (!std::holds_alternative<std::monostate>(found->second)) {
        if (reasons.size() < 5) reasons.insert(evidence::to_text(found->second));
        continue;
      }
      row.cells.erase(found);
    }
    ++result->row_count;
    if (result->row_count <= kMaxResultRows) result->rows.push_back(std::move(row));
  }
  for (const auto& reason : reasons)
    result->reason += (result->reason.empty() ? "" : "; ") + reason;
  if (result->row_count > 0)
    result->state = State::kFail;
  else
    result->state = reasons.empty() ? State::kPass : State::kUnknown;
  return {};
}

// Whether the check applies is asked first, and of its own tables alone: a host without dpkg is
// not "unknown" for a rule that is for hosts with dpkg only.
Result<CheckResult> Evaluator::compute(const Question& question, const std::string& missing) {
  const Check& check = *question.check;
  for (const auto& table : check.applies_tables)
    if (auto loaded = load(table); !loaded) return fail(loaded.error());
  if (!check.parameters.empty())
    if (auto set = workbench_.set_parameters(parameters_header_, question.parameters); !set)
      return fail(set.error());
  const auto does_apply = applies(question);
  if (!does_apply) return fail(does_apply.error());
  CheckResult result;
  if (!*does_apply) {
    result.state = State::kNotApplicable;
    result.reason = "the check does not apply to this host";
    return result;
  }
  if (!missing.empty()) {
    result.reason = missing;
    return result;
  }
  for (const auto& table : check.tables)
    if (auto loaded = load(table); !loaded) return fail(loaded.error());
  if (auto judged = violations(check, &result); !judged) return fail(judged.error());
  auto shown = facts(question);
  if (!shown) return fail(shown.error());
  result.facts = std::move(*shown);
  return result;
}

SharedResult Evaluator::result_of(const Question& question) {
  const auto said = [](State state, std::string reason) {
    CheckResult result;
    result.state = state;
    result.reason = std::move(reason);
    return std::make_shared<const CheckResult>(std::move(result));
  };
  if (question.asks_nothing())
    return said(State::kNotApplicable, "the framework fixes no figure for this");
  const auto lacking = missing(*question.check);
  if (!lacking.empty() &&
      (question.check->applies.empty() || !can_tell_whether_it_applies(*question.check)))
    return said(State::kUnknown, lacking);
  ++evaluated_;
  auto computed = compute(question, lacking);
  if (!computed) return said(State::kUnknown, computed.error().message());
  return std::make_shared<const CheckResult>(std::move(*computed));
}

Verdict Evaluator::judge(std::shared_ptr<const Question> question, const std::string& key_head) {
  std::string key_text = key_head;
  for (const auto& table : question->check->tables) key_text += known(table).key_line;
  const auto key = evidence::sha256(key_text);
  auto result = input_.cache != nullptr ? input_.cache->find(key) : nullptr;
  if (!result) {
    result = result_of(*question);
    if (input_.cache != nullptr) result = input_.cache->store(key, std::move(result));
  }
  return {std::move(question), key, std::move(result)};
}

}  // namespace

Result<std::shared_ptr<const evidence::Table>> TableSource::share(std::string_view table) const {
  auto rows = load(table);
  if (!rows) return fail(rows.error());
  return std::make_shared<const evidence::Table>(std::move(*rows));
}

Result<EvaluationOutcome> evaluate(const EvaluationInput& input) {
  if (input.content == nullptr || input.tables == nullptr)
    return fail(Code::kInternal, "evaluation without content or tables");
  if (auto date = evidence::from_date(input.today); !date) return fail(date.error());
  std::optional<Plan> own_plan;
  if (input.plan == nullptr) own_plan.emplace(*input.content, input.profile);
  const Plan& plan = own_plan ? *own_plan : *input.plan;
  Workbench own_workbench;
  Evaluator evaluator(input, input.workbench != nullptr ? *input.workbench : own_workbench);
  EvaluationOutcome outcome;
  outcome.verdicts.reserve(plan.questions().size());
  for (std::size_t i = 0; i < plan.questions().size(); ++i)
    outcome.verdicts.push_back(evaluator.judge(plan.questions()[i], plan.key_head(i)));
  outcome.evaluated = evaluator.evaluated();
  return outcome;
}

}  // namespace assay::checks
