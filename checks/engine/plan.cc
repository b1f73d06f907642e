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

std::string key_head_of(const Question& question) {
  std::string head = "assay result/1\n" + question.check->digest.hex() + "\n";
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
  return head;
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
      key_heads_.push_back(key_head_of(*questions_.back()));
    }
  }
}

}  // namespace assay::checks
