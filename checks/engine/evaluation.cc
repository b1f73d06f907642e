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

// One evaluation: tables are loaded only when a result is not in the cache.
class Evaluator {
 public:
  Evaluator(const EvaluationInput& input, const Plan& plan, Workbench& workbench)
      : input_(input), plan_(plan), workbench_(workbench), known_(plan.tables().size()) {}

  // The verdicts on all questions, in their order.
  std::vector<Verdict> judge();
  [[nodiscard]] std::int64_t evaluated() const { return evaluated_; }

 private:
  // One table as all checks of this evaluation see it.
  struct Known {
    bool is_looked_up = false;
    std::optional<evidence::Digest> digest;  // without one it cannot be used
    std::string reason;                      // then: why
  };
  const Known& known(const std::string& table);
  const Known& known(std::size_t table);
  TableSource::Entry look_up(const std::string& table);
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
  Status load(const std::string& table);
  // Its own tables have been loaded.
  Status load_derived(const std::string& name);

  const EvaluationInput& input_;
  const Plan& plan_;
  Workbench& workbench_;
  std::optional<evidence::Header> parameters_header_;
  std::vector<Known> known_;  // by the table's place in the plan
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

TableSource::Entry Evaluator::look_up(const std::string& table) {
  if (table == "clock") {
    const auto bytes = evidence::to_canonical(clock_table(input_.today));
    if (!bytes) return {std::nullopt, bytes.error().message()};
    return {evidence::sha256(*bytes), {}};
  }
  const auto* spec = evidence::find_table(table);
  if (spec != nullptr && spec->origin == evidence::Origin::kReference) {
    const auto reference = input_.content->references.find(table);
    if (reference == input_.content->references.end())
      return {std::nullopt, "no such reference data has been loaded"};
    auto reason = reason_against(reference->second, input_.today);
    if (!reason.empty()) return {std::nullopt, std::move(reason)};
    return {reference->second.digest, {}};
  }
  auto entry = input_.tables->find(table);
  if (!entry.digest && entry.reason.empty()) entry.reason = "the snapshot does not have it";
  return entry;
}

const Evaluator::Known& Evaluator::known(std::size_t table) {
  auto& one = known_[table];
  if (one.is_looked_up) return one;
  auto entry = look_up(plan_.tables()[table]);
  one = {true, entry.digest, entry.digest ? std::string() : std::move(entry.reason)};
  return one;
}

const Evaluator::Known& Evaluator::known(const std::string& table) {
  const auto place = std::ranges::lower_bound(plan_.tables(), table);
  return known(static_cast<std::size_t>(place - plan_.tables().begin()));
}

evidence::Digest Evaluator::digest_of(const Plan::Group& group) {
  std::string all("assay tables/1\n");
  for (const auto table : group.tables) {
    const auto& one = known(table);
    all += plan_.tables()[table];
    all += one.digest ? '=' : '-';
    if (one.digest)
      all.append(reinterpret_cast<const char*>(one.digest->bytes.data()), one.digest->bytes.size());
    else
      all += one.reason;
    all += '\n';
  }
  return evidence::sha256(all);
}

std::string Evaluator::missing(const Check& check) {
  // Each reason once, with the tables that lack for it.
  std::vector<std::pair<std::string, std::string>> lacking;
  for (const auto& table : check.tables) {
    const auto& one = known(table);
    if (one.digest) continue;
    const auto before =
        std::ranges::find(lacking, one.reason, &std::pair<std::string, std::string>::second);
    if (before == lacking.end())
      lacking.emplace_back(table, one.reason);
    else
      before->first += ", " + table;
  }
  std::string reasons;
  for (const auto& [tables, reason] : lacking)
    reasons += (reasons.empty() ? "" : "; ") + tables + ": " + reason;
  return reasons;
}

bool Evaluator::can_tell_whether_it_applies(const Check& check) {
  return std::ranges::none_of(check.applies_tables, [this](const std::string& table) {
    return !known(table).digest.has_value();
  });
}

Status Evaluator::load(const std::string& table) {
  using Shared = std::shared_ptr<const evidence::Table>;
  return workbench_.put(table, known(table).digest->hex(), [&]() -> Result<Shared> {
    if (table == "clock") return std::make_shared<const evidence::Table>(clock_table(input_.today));
    if (const auto reference = input_.content->references.find(table);
        reference != input_.content->references.end())
      return reference->second.table;
    return input_.tables->share(table);
  });
}

Status Evaluator::load_derived(const std::string& name) {
  const auto found = input_.content->derived.find(name);
  if (found == input_.content->derived.end())
    return fail(Code::kInternal, "the content has no derived table " + name);
  const auto& derived = found->second;
  std::string digest = derived.digest.hex();
  for (const auto& table : derived.tables) digest += known(table).digest->hex();
  using Shared = std::shared_ptr<const evidence::Table>;
  return workbench_.put(name, digest, [&]() -> Result<Shared> {
    constexpr std::int64_t kAll = evidence::kMaxRows;
    auto answer = workbench_.database().query(derived.query, kAll);
    if (!answer) return fail(answer.error());
    auto table = std::make_shared<evidence::Table>(derived.header);
    if (answer->row_count > kAll) return fail(Code::kTooLarge, "more rows than a table may have");
    for (auto& row : answer->rows) table->add_row(std::move(row));
    if (!table->defect().empty()) return fail(Code::kInternal, table->defect());
    return table;
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
  if (!check.parameters.empty()) {
    if (!parameters_header_) parameters_header_ = parameters_header(*input_.content);
    if (auto set = workbench_.set_parameters(*parameters_header_, question.parameters); !set)
      return fail(set.error());
  }
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
  for (const auto& name : check.derived)
    if (auto loaded = load_derived(name); !loaded) return fail(loaded.error());
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

SharedResult Evaluator::result_under(const evidence::Digest& key, const Question& question) {
  if (input_.cache == nullptr) return result_of(question);
  if (auto known = input_.cache->find(key)) return known;
  return input_.cache->store(key, result_of(question));
}

std::vector<Verdict> Evaluator::judge() {
  std::vector<Verdict> verdicts(plan_.questions().size());
  for (const auto& group : plan_.groups()) {
    const auto& keys = workbench_.keys(plan_, group, digest_of(group));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& question = plan_.questions()[group.questions[i]];
      verdicts[group.questions[i]] = {question, keys[i], result_under(keys[i], *question)};
    }
  }
  return verdicts;
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
  Workbench own_workbench(Workbench::For::kOneHost);
  Evaluator evaluator(input, plan, input.workbench != nullptr ? *input.workbench : own_workbench);
  EvaluationOutcome outcome;
  outcome.verdicts = evaluator.judge();
  outcome.evaluated = evaluator.evaluated();
  return outcome;
}

}  // namespace assay::checks
