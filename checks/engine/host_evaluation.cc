#include "checks/engine/host_evaluation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "checks/engine/compiler.h"
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

std::vector<ResultRow> named_rows(QueryResult result) {
  std::vector<ResultRow> rows;
  rows.reserve(result.rows.size());
  for (auto& row : result.rows) {
    ResultRow named;
    named.cells.reserve(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      named.cells.emplace_back(result.columns[i], std::move(row[i]));
    rows.push_back(std::move(named));
  }
  return rows;
}

}  // namespace

std::optional<TableSource::Entry> HostEvaluation::look_up_for_all(const std::string& table) {
  if (table == "clock") {
    const auto bytes = evidence::to_canonical(clock_table(input_.today));
    if (!bytes) return TableSource::Entry{std::nullopt, bytes.error().message()};
    return TableSource::Entry{evidence::sha256(*bytes), {}};
  }
  const auto* spec = evidence::find_table(table);
  if (spec == nullptr || spec->origin != evidence::Origin::kReference) return std::nullopt;
  const auto reference = input_.content->references.find(table);
  if (reference == input_.content->references.end())
    return TableSource::Entry{std::nullopt, "no such reference data has been loaded"};
  auto reason = reason_against(reference->second, input_.today);
  if (!reason.empty()) return TableSource::Entry{std::nullopt, std::move(reason)};
  return TableSource::Entry{reference->second.digest, {}};
}

TableSource::Entry HostEvaluation::look_up(const std::string& table) {
  auto& seen = workbench_.seen_by_all(input_.content->digest, input_.today);
  if (const auto known = seen.find(table); known != seen.end()) return known->second;
  if (auto entry = look_up_for_all(table))
    return seen.emplace(table, std::move(*entry)).first->second;
  auto entry = input_.tables->find(table);
  if (!entry.digest && entry.reason.empty()) entry.reason = "the snapshot does not have it";
  return entry;
}

const TableSource::Entry& HostEvaluation::table(std::size_t place) {
  auto& known = tables_[place];
  if (!known) {
    known = look_up(plan_.tables()[place]);
    if (known->digest) known->reason.clear();
  }
  return *known;
}

const TableSource::Entry& HostEvaluation::table(const std::string& name) {
  const auto place = std::ranges::lower_bound(plan_.tables(), name);
  return table(static_cast<std::size_t>(place - plan_.tables().begin()));
}

void HostEvaluation::add_wanted(const Plan::Group& group, std::set<std::string>* tables) {
  for (const auto place : group.tables) {
    const auto& name = plan_.tables()[place];
    const auto& one = this->table(place);
    if (one.digest && !workbench_.shows(name, one.digest->hex())) tables->insert(name);
  }
}

evidence::Digest HostEvaluation::digest_of(const Plan::Group& group) {
  std::string all("assay tables/1\n");
  for (const auto table : group.tables) {
    const auto& one = this->table(table);
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

std::string HostEvaluation::missing(const Check& check) {
  // Each reason once, with the tables that lack for it.
  std::vector<std::pair<std::string, std::string>> lacking;
  for (const auto& table : check.tables) {
    const auto& one = this->table(table);
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

bool HostEvaluation::can_tell_whether_it_applies(const Check& check) {
  return std::ranges::none_of(check.applies_tables, [this](const std::string& table) {
    return !this->table(table).digest.has_value();
  });
}

Status HostEvaluation::load(const std::string& table) {
  using Shared = std::shared_ptr<const evidence::Table>;
  return workbench_.put(table, this->table(table).digest->hex(), [&]() -> Result<Shared> {
    if (table == "clock") return std::make_shared<const evidence::Table>(clock_table(input_.today));
    if (const auto reference = input_.content->references.find(table);
        reference != input_.content->references.end())
      return reference->second.table;
    return input_.tables->share(table);
  });
}

Status HostEvaluation::load_derived(const std::string& name) {
  const auto found = input_.content->derived.find(name);
  if (found == input_.content->derived.end())
    return fail(Code::kInternal, "the content has no derived table " + name);
  const auto& derived = found->second;
  std::string digest = derived.digest.hex();
  for (const auto& table : derived.tables) digest += this->table(table).digest->hex();
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

Result<bool> HostEvaluation::applies(const Question& question) {
  const std::string& sql = question.check->applies;
  if (sql.empty()) return true;
  const Asked asked{sql, &question.parameters};
  if (const auto before = applies_.find(asked); before != applies_.end()) return before->second;
  const auto rows = workbench_.database().query(sql, 1);
  if (!rows) return fail(rows.error());
  return applies_.emplace(asked, rows->row_count > 0).first->second;
}

Result<std::vector<ResultRow>> HostEvaluation::facts(const Question& question) {
  const std::string& sql = question.check->facts;
  if (sql.empty()) return std::vector<ResultRow>();
  const Asked asked{sql, &question.parameters};
  if (const auto before = facts_.find(asked); before != facts_.end()) return before->second;
  auto rows = workbench_.database().query(sql, kMaxFacts);
  if (!rows) return fail(rows.error());
  return facts_.emplace(asked, named_rows(std::move(*rows))).first->second;
}

Status HostEvaluation::violations(const Check& check, CheckResult* result) {
  constexpr std::int64_t kAll = evidence::kMaxRows;
  auto answer = workbench_.database().query(check.query, kAll);
  if (!answer) return fail(answer.error());
  std::set<std::string> reasons;
  for (auto& row : named_rows(std::move(*answer))) {
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
Result<CheckResult> HostEvaluation::compute(const Question& question, const std::string& missing) {
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

SharedResult HostEvaluation::result_of(const Question& question) {
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
  if (!computed) {
    ++failures_;
    return said(State::kUnknown, computed.error().message());
  }
  return std::make_shared<const CheckResult>(std::move(*computed));
}

SharedResult HostEvaluation::result_under(const evidence::Digest& key, const Question& question) {
  if (input_.cache != nullptr)
    if (auto known = input_.cache->find(key)) return known;
  const auto failures = failures_;
  auto result = result_of(question);
  if (input_.cache == nullptr || failures_ > failures) return result;
  return input_.cache->store(key, std::move(result));
}

std::vector<Verdict> HostEvaluation::judge(const Plan::Group& group,
                                           const std::vector<evidence::Digest>& keys,
                                           const std::function<SharedResult(std::size_t)>& known) {
  failures_ = 0;
  std::vector<Verdict> verdicts;
  verdicts.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& question = plan_.questions()[group.questions[i]];
    auto result = known ? known(i) : nullptr;
    if (result == nullptr) result = result_under(keys[i], *question);
    verdicts.push_back({question, keys[i], std::move(result)});
  }
  return verdicts;
}

}  // namespace assay::checks
