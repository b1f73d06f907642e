#include "checks/testing/coverage.h"

#include <algorithm>
#include <map>
#include <memory>

#include "checks/testing/run.h"

namespace assay::checks::testing {

namespace {

using OfCheck = std::vector<const Case*>;

bool is_compared(const Check& check, const ParameterSpec& spec) {
  // What is only shown among the facts decides nothing.
  return std::ranges::find(check.parameters, spec.name) != check.parameters.end() &&
         (check.query + check.applies).find(spec.name) != std::string::npos &&
         std::ranges::all_of(spec.defaults, [](const auto& figure) {
           return std::holds_alternative<std::int64_t>(figure.second);
         });
}

void shift(evidence::Value* value, std::int64_t by) {
  if (auto* figure = std::get_if<std::int64_t>(value)) *figure += by;
}

// The check alone, with the figure larger by `by` in every framework.
Content with_other_figure(const Content& content, const Check& check, const std::string& name,
                          std::int64_t by) {
  Content out;
  out.checks = {check};
  out.frameworks = content.frameworks;
  out.parameters = content.parameters;
  out.references = content.references;
  out.derived = content.derived;
  for (auto& spec : out.parameters)
    if (spec.name == name)
      for (auto& [profile, figure] : spec.defaults) shift(&figure, by);
  for (auto& framework : out.frameworks) {
    framework.controls.clear();
    for (auto& [profile, figures] : framework.parameters)
      if (const auto found = figures.find(name); found != figures.end())
        shift(&found->second.value, by);
  }
  return out;
}

bool differ(const SharedResult& one, const SharedResult& other) {
  return one && other && (one->state != other->state || one->row_count != other->row_count);
}

bool has_boundary(const Check& check, const OfCheck& cases, const Content& content,
                  const std::string& name) {
  for (const std::int64_t by : {-1, 1}) {
    const auto other = with_other_figure(content, check, name, by);
    for (const auto* one : cases)
      if (differ(result_of(*one, content), result_of(*one, other))) return true;
  }
  return false;
}

void note_states(const Check& check, const OfCheck& cases, std::vector<Lack>* lacks) {
  std::vector<State> wanted = {State::kPass, State::kFail, State::kUnknown};
  if (!check.applies.empty()) wanted.push_back(State::kNotApplicable);
  for (const auto state : wanted)
    if (std::ranges::none_of(cases, [state](const Case* one) { return one->expected == state; }))
      lacks->push_back({check.id, std::string(name_of(state)), {}});
}

}  // namespace

Text Lack::words() const {
  if (state.empty())
    return {check + ": no case at the boundary of " + figure,
            check + "：缺少 " + figure + " 邊界值的案例"};
  return {check + ": no case that expects " + state, check + "：缺少預期為 " + state + " 的案例"};
}

std::vector<Lack> lacking(const std::vector<const Check*>& checks, const std::vector<Case>& cases,
                          const Content& content) {
  std::map<std::string, OfCheck> by_check;
  for (const auto& one : cases) by_check[one.check].push_back(&one);
  std::vector<Lack> lacks;
  for (const auto* check : checks) {
    const auto& own = by_check[check->id];
    note_states(*check, own, &lacks);
    for (const auto& spec : content.parameters)
      if (is_compared(*check, spec) && !has_boundary(*check, own, content, spec.name))
        lacks.push_back({check->id, {}, spec.name});
  }
  return lacks;
}

}  // namespace assay::checks::testing
