#include "checks/engine/plan.h"

#include <algorithm>
#include <set>

#include "evidence/canonical.h"

namespace assay::checks {

namespace {

// The frameworks that a check feeds, grouped by the parameter values it is judged with.
std::map<ParameterValues, std::vector<std::string>> groups_of(const Content& content,
                                                              std::string_view profile,
                                                              const Check& check) {
  std::set<std::string> frameworks;
  for (const auto& mapping : check.mappings) frameworks.insert(mapping.framework);
  const auto values = [&](const Framework* framework) {
    ParameterValues out;
    for (const auto& name : check.parameters)
      out[name] = content.parameter(framework, profile, name).value;
    return out;
  };
  std::map<ParameterValues, std::vector<std::string>> groups;
  if (frameworks.empty()) {
    groups[values(nullptr)] = {};
  } else if (check.parameters.empty()) {
    groups[{}].assign(frameworks.begin(), frameworks.end());
  } else {
    for (const auto& id : frameworks) groups[values(content.framework(id))].push_back(id);
  }
  return groups;
}

evidence::Digest digest_of(const Question& question) {
  std::string head = "assay question/1\n" + question.check->digest.hex() + "\n";
  for (const auto& [name, value] : question.parameters) {
    evidence::append_json_string(head, name);
    if (std::holds_alternative<std::monostate>(value))
      head += "null";
    else if (std::holds_alternative<std::int64_t>(value))
      head += evidence::to_text(value);
    else
      evidence::append_json_string(head, evidence::to_text(value));
    head += '\n';
  }
  return evidence::sha256(head);
}

std::vector<std::string> tables_of(const std::vector<std::shared_ptr<const Question>>& questions) {
  std::set<std::string> names;
  for (const auto& question : questions)
    names.insert(question->check->tables.begin(), question->check->tables.end());
  return {names.begin(), names.end()};
}

}  // namespace

bool Question::asks_nothing() const {
  return !parameters.empty() && std::ranges::all_of(parameters, [](const auto& entry) {
    return std::holds_alternative<std::monostate>(entry.second);
  });
}

Plan::Plan(const Content& content, std::string_view profile) {
  for (const auto& check : content.checks) {
    if (std::ranges::find(check.profiles, profile) == check.profiles.end()) continue;
    for (auto& [parameters, frameworks] : groups_of(content, profile, check)) {
      questions_.push_back(
          std::make_shared<const Question>(Question{&check, parameters, std::move(frameworks)}));
      asked_.push_back(digest_of(*questions_.back()));
    }
  }
  tables_ = tables_of(questions_);
  std::map<std::vector<std::size_t>, std::size_t> known;
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    std::vector<std::size_t> reads;
    for (const auto& table : questions_[i]->check->tables)
      reads.push_back(
          static_cast<std::size_t>(std::ranges::lower_bound(tables_, table) - tables_.begin()));
    const auto [group, is_new] = known.try_emplace(std::move(reads), groups_.size());
    if (is_new) groups_.push_back({group->first, {}, {}});
    groups_[group->second].questions.push_back(i);
  }
  for (auto& group : groups_) {
    evidence::Sha256 all;
    for (const auto question : group.questions) all.add(asked_[question].raw());
    group.identity = all.finish();
  }
}

evidence::Digest Plan::key(std::size_t question, const evidence::Digest& tables) const {
  return evidence::sha256(asked_[question].raw() + tables.raw());
}

}  // namespace assay::checks
