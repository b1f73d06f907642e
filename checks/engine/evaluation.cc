#include "checks/engine/evaluation.h"

#include <algorithm>
#include <set>

#include "checks/engine/compiler.h"
#include "checks/engine/database.h"
#include "evidence/canonical.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

using ParameterValues = std::map<std::string, evidence::Value>;

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

// One evaluation: opens the database and loads tables only when a result is not in the cache.
class Evaluator {
 public:
  explicit Evaluator(const EvaluationInput& input) : input_(input) {}

  Verdict judge(const Check& check, ParameterValues parameters,
                std::vector<std::string> frameworks);
  [[nodiscard]] std::int64_t evaluated() const { return evaluated_; }

 private:
  struct Needed {
    std::map<std::string, std::string> digests;  // hex, by table
    std::string missing;  // why the check cannot be judged; empty when it can
    bool can_tell_whether_it_applies = true;
  };
  Needed needed_tables(const Check& check);
  static evidence::Digest key_of(const Check& check, const ParameterValues& parameters,
                                 const Needed& needed);
  Result<CheckResult> compute(const Check& check, const ParameterValues& parameters,
                              const std::string& missing);
  Result<bool> applies(const Check& check);
  Status violations(const Check& check, CheckResult* result);
  Status load(const std::string& table);
  Status set_parameters(const ParameterValues& parameters);

  const EvaluationInput& input_;
  std::optional<Database> database_;
  std::string clock_digest_;
  std::int64_t evaluated_ = 0;
};

Evaluator::Needed Evaluator::needed_tables(const Check& check) {
  Needed needed;
  const auto lacks = [&](const std::string& table, const std::string& reason) {
    if (!needed.missing.empty()) needed.missing += "; ";
    needed.missing += table + ": " + reason;
    needed.digests[table] = "unavailable " + reason;
    if (std::ranges::find(check.applies_tables, table) != check.applies_tables.end())
      needed.can_tell_whether_it_applies = false;
  };
  for (const auto& table : check.tables) {
    if (table == "clock") {
      if (clock_digest_.empty())
        if (const auto bytes = evidence::to_canonical(clock_table(input_.today)))
          clock_digest_ = evidence::sha256(*bytes).hex();
      needed.digests[table] = clock_digest_;
      continue;
    }
    const auto* spec = evidence::find_table(table);
    if (spec != nullptr && spec->origin == evidence::Origin::kReference) {
      const auto reference = input_.content->references.find(table);
      if (reference == input_.content->references.end())
        lacks(table, "no such reference data has been loaded");
      else if (!reference->second.unavailable.empty())
        lacks(table, reference->second.unavailable);
      else
        needed.digests[table] = reference->second.digest.hex();
      continue;
    }
    const auto entry = input_.tables->find(table);
    if (entry.digest)
      needed.digests[table] = entry.digest->hex();
    else
      lacks(table, entry.reason.empty() ? "the snapshot does not have it" : entry.reason);
  }
  return needed;
}

evidence::Digest Evaluator::key_of(const Check& check, const ParameterValues& parameters,
                                   const Needed& needed) {
  std::string all = "assay result/1\n" + check.digest.hex() + "\n";
  for (const auto& [name, value] : parameters) {
    evidence::append_json_string(all, name);
    const bool is_number = std::holds_alternative<std::int64_t>(value);
    if (std::holds_alternative<std::monostate>(value))
      all += "null";
    else if (is_number)
      all += evidence::to_text(value);
    else
      evidence::append_json_string(all, evidence::to_text(value));
    all += '\n';
  }
  for (const auto& [table, digest] : needed.digests) all += table + " " + digest + "\n";
  return evidence::sha256(all);
}

Status Evaluator::load(const std::string& table) {
  if (database_->has(table)) return {};
  const auto put = [this](const evidence::Table& loaded) -> Status {
    if (auto made = database_->create(loaded.header()); !made) return made;
    return database_->fill(loaded);
  };
  if (table == "clock") return put(clock_table(input_.today));
  if (const auto reference = input_.content->references.find(table);
      reference != input_.content->references.end())
    return put(reference->second.table);
  auto loaded = input_.tables->load(table);
  if (!loaded) return fail(loaded.error().within(table));
  return put(*loaded);
}

Status Evaluator::set_parameters(const ParameterValues& parameters) {
  const auto header = parameters_header(*input_.content);
  if (!database_->has("parameters")) {
    if (auto made = database_->create(header); !made) return made;
  } else if (auto cleared = database_->clear("parameters"); !cleared) {
    return cleared;
  }
  evidence::Table table(header);
  evidence::Row row;
  for (const auto& column : header.columns) {
    const auto value = parameters.find(column.name);
    row.push_back(value == parameters.end() ? evidence::Value() : value->second);
  }
  table.add_row(std::move(row));
  return database_->fill(table);
}

Result<bool> Evaluator::applies(const Check& check) {
  if (check.applies.empty()) return true;
  const auto rows = database_->query(check.applies, 1);
  if (!rows) return fail(rows.error());
  return rows->row_count > 0;
}

Status Evaluator::violations(const Check& check, CheckResult* result) {
  constexpr std::int64_t kAll = evidence::kMaxRows;
  auto answer = database_->query(check.query, kAll);
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
Result<CheckResult> Evaluator::compute(const Check& check, const ParameterValues& parameters,
                                       const std::string& missing) {
  if (!database_) {
    auto database = Database::open();
    if (!database) return fail(database.error());
    database_ = std::move(*database);
  }
  for (const auto& table : check.applies_tables)
    if (auto loaded = load(table); !loaded) return fail(loaded.error());
  if (!check.parameters.empty())
    if (auto set = set_parameters(parameters); !set) return fail(set.error());
  const auto does_apply = applies(check);
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
  if (!check.facts.empty()) {
    const auto facts = database_->query(check.facts, kMaxFacts);
    if (!facts) return fail(facts.error());
    result.facts = named_rows(*facts);
  }
  return result;
}

Verdict Evaluator::judge(const Check& check, ParameterValues parameters,
                         std::vector<std::string> frameworks) {
  const auto needed = needed_tables(check);
  const auto key = key_of(check, parameters, needed);
  Verdict verdict{&check, std::move(parameters), std::move(frameworks), key, {}};
  const bool asks_nothing =
      !verdict.parameters.empty() && std::ranges::all_of(verdict.parameters, [](const auto& entry) {
        return std::holds_alternative<std::monostate>(entry.second);
      });
  if (input_.cache != nullptr) {
    if (auto known = input_.cache->find(verdict.key)) {
      verdict.result = std::move(*known);
      return verdict;
    }
  }
  if (asks_nothing) {
    verdict.result.state = State::kNotApplicable;
    verdict.result.reason = "the framework fixes no figure for this";
  } else if (!needed.missing.empty() &&
             (check.applies.empty() || !needed.can_tell_whether_it_applies)) {
    verdict.result.state = State::kUnknown;
    verdict.result.reason = needed.missing;
  } else {
    ++evaluated_;
    if (auto computed = compute(check, verdict.parameters, needed.missing)) {
      verdict.result = std::move(*computed);
    } else {
      verdict.result = {};
      verdict.result.state = State::kUnknown;
      verdict.result.reason = computed.error().message();
    }
  }
  if (input_.cache != nullptr) input_.cache->store(verdict.key, verdict.result);
  return verdict;
}

// The frameworks that a check feeds, grouped by the parameter values it is judged with.
std::map<ParameterValues, std::vector<std::string>> groups_of(const EvaluationInput& input,
                                                              const Check& check) {
  std::set<std::string> frameworks;
  for (const auto& mapping : check.mappings) frameworks.insert(mapping.framework);
  const auto values = [&](const Framework* framework) {
    ParameterValues out;
    for (const auto& name : check.parameters)
      out[name] = input.content->parameter(framework, input.profile, name).value;
    return out;
  };
  std::map<ParameterValues, std::vector<std::string>> groups;
  for (const auto& id : frameworks) groups[values(input.content->framework(id))].push_back(id);
  if (frameworks.empty()) groups[values(nullptr)] = {};
  return groups;
}

}  // namespace

Result<EvaluationOutcome> evaluate(const EvaluationInput& input) {
  if (input.content == nullptr || input.tables == nullptr)
    return fail(Code::kInternal, "evaluation without content or tables");
  if (auto date = evidence::from_date(input.today); !date) return fail(date.error());
  Evaluator evaluator(input);
  EvaluationOutcome outcome;
  for (const auto& check : input.content->checks) {
    if (std::ranges::find(check.profiles, input.profile) == check.profiles.end()) continue;
    for (auto& [parameters, frameworks] : groups_of(input, check))
      outcome.verdicts.push_back(evaluator.judge(check, parameters, frameworks));
  }
  outcome.evaluated = evaluator.evaluated();
  return outcome;
}

}  // namespace assay::checks
