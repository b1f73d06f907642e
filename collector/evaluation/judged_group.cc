#include "collector/evaluation/judged_group.h"

#include <algorithm>
#include <map>
#include <set>

#include "checks/engine/rollup.h"
#include "evidence/canonical.h"

namespace assay::collector {
namespace {

using checks::State;

template <typename Cells>
std::string object_json(const Cells& cells) {
  std::string json("{");
  for (const auto& [name, value] : cells) {
    if (json.size() > 1) json += ',';
    evidence::append_json_string(json, name);
    json += ':';
    if (std::holds_alternative<std::monostate>(value))
      json += "null";
    else if (const auto* text = std::get_if<std::string>(&value))
      evidence::append_json_string(json, *text);
    else
      json += evidence::to_text(value);
  }
  return json + "}";
}

// Nothing about the verdict is in doubt: what it does not list is not there.
bool is_conclusive(const checks::CheckResult& result) {
  switch (result.state) {
    case State::kPass:
    case State::kNotApplicable: return true;
    case State::kFail:
      // A reason beside a failure names rows that could not be judged.
      return result.reason.empty() &&
             static_cast<std::int64_t>(result.rows.size()) == result.row_count;
    default: return false;
  }
}

// Frameworks that ask for different figures show the same finding with different rows. The row kept
// is that of the verdict which speaks for the check on the agent, too.
struct Shown {
  std::vector<const checks::Verdict*> verdicts;
  std::vector<const checks::ResultRow*> rows;
  std::set<std::string> frameworks;

  [[nodiscard]] std::string row() const {
    const auto at = std::ranges::find(verdicts, &checks::spokesman(verdicts)) - verdicts.begin();
    return object_json(rows[static_cast<std::size_t>(at)]->cells);
  }
};

JudgedGroup::OfCheck what_it_shows(const SharedName& check,
                                   const std::vector<const checks::Verdict*>& verdicts) {
  JudgedGroup::OfCheck out{check->check_id, true, nullptr};
  std::map<std::string, Shown> shown;
  for (const auto* verdict : verdicts) {
    out.is_certain = out.is_certain && is_conclusive(*verdict->result);
    for (const auto& row : verdict->result->rows) {
      auto& one = shown[key_json(check->key, row)];
      one.verdicts.push_back(verdict);
      one.rows.push_back(&row);
      one.frameworks.insert(verdict->frameworks().begin(), verdict->frameworks().end());
    }
  }
  if (shown.empty()) return out;
  std::vector<FindingGroup::Member> members;
  for (auto& [key, one] : shown)
    members.push_back({key, one.row(), {one.frameworks.begin(), one.frameworks.end()}});
  out.shown = finding_group(check->check_id, check->severity, std::move(members));
  return out;
}

}  // namespace

SharedName name_of(const checks::Question& question) {
  QuestionName name;
  name.check_id = question.check->id;
  name.check_digest = question.check->digest;
  name.severity = question.check->severity;
  name.key = question.check->key;
  name.parameters = object_json(question.parameters);
  name.frameworks = question.frameworks;
  std::ranges::sort(name.frameworks);
  return std::make_shared<const QuestionName>(std::move(name));
}

VerdictInterval interval_of(const JudgedQuestion& question, const evidence::Digest& key) {
  VerdictInterval interval;
  interval.check_id = question.name->check_id;
  interval.parameters = question.name->parameters;
  interval.frameworks = question.name->frameworks;
  interval.state = question.result->state;
  interval.reason = question.result->reason;
  interval.key = key;
  interval.check_digest = question.name->check_digest;
  return interval;
}

JudgedGroup judged_group(std::span<const checks::Verdict> verdicts,
                         std::span<const SharedName> names) {
  JudgedGroup group;
  std::map<std::string_view, std::pair<SharedName, std::vector<const checks::Verdict*>>> by_check;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    group.questions.push_back({names[i], verdicts[i].key, verdicts[i].result});
    auto& [name, of_check] = by_check[names[i]->check_id];
    if (name == nullptr) name = names[i];
    of_check.push_back(&verdicts[i]);
  }
  for (const auto& [id, check] : by_check) {
    group.checks.push_back(what_it_shows(check.first, check.second));
    group.families.emplace_back(family_of(id));
  }
  std::ranges::sort(group.families);
  const auto twice = std::ranges::unique(group.families);
  group.families.erase(twice.begin(), twice.end());
  return group;
}

bool may_show_findings(const checks::CheckResult& result) {
  return !result.rows.empty() || !is_conclusive(result);
}

evidence::Digest finding_id(std::string_view host_id, std::string_view check_id,
                            std::string_view key) {
  constexpr std::string_view kHead = "assay finding/1\n";
  std::string named;
  named.reserve(kHead.size() + host_id.size() + check_id.size() + key.size() + 2);
  named.append(kHead).append(host_id).append("\n").append(check_id).append("\n").append(key);
  return evidence::sha256(named);
}

std::string key_json(const std::vector<std::string>& columns, const checks::ResultRow& row) {
  std::vector<std::pair<std::string, evidence::Value>> cells;
  for (const auto& column : columns) {
    const auto found =
        std::ranges::find(row.cells, column, &std::pair<std::string, evidence::Value>::first);
    cells.emplace_back(column, found == row.cells.end() ? evidence::Value() : found->second);
  }
  return object_json(cells);
}

SharedGroup JudgedGroups::share(const evidence::Digest& questions,
                                std::span<const checks::Verdict> verdicts,
                                std::span<const SharedName> names) {
  std::string key = questions.raw();
  for (const auto& verdict : verdicts) add_place(key, verdict.result.get());
  if (auto known = groups_.find(key)) return std::move(*known);
  return groups_.keep_first(key,
                            std::make_shared<const JudgedGroup>(judged_group(verdicts, names)));
}

void add_place(std::string& key, const void* place) {
  key.append(reinterpret_cast<const char*>(&place), sizeof place);
}

}  // namespace assay::collector
