#include "checks/engine/rollup.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

namespace assay::checks {

namespace {

bool is_assessed(State state) {
  return state == State::kPass || state == State::kFail;
}

// A verdict that feeds a control, and how much its check proves of it.
struct Fed {
  const Verdict* verdict;
  Proves proves;
};
// By control, in the order of the verdicts.
using Feeds = std::unordered_map<std::string_view, std::vector<Fed>>;

Feeds feeds_of(const Framework& framework, const std::vector<Verdict>& verdicts) {
  Feeds feeds;
  for (const auto& verdict : verdicts) {
    if (std::ranges::find(verdict.frameworks(), framework.id) == verdict.frameworks().end())
      continue;
    for (const auto& mapping : verdict.check().mappings) {
      if (mapping.framework != framework.id) continue;
      auto& fed = feeds[mapping.control];
      if (fed.empty() || fed.back().verdict != &verdict) fed.push_back({&verdict, mapping.proves});
    }
  }
  return feeds;
}

ControlState roll_up(const Framework& framework, const Control& control, const Feeds& feeds,
                     const Attested& attested, const Addressee& addressee) {
  ControlState out;
  out.control = &control;
  out.not_addressed = why_not_for(control.applies_to, addressee);
  std::set<std::string_view> ids;
  std::set<std::string> reasons;
  std::vector<const Verdict*> deciding;
  if (const auto fed = feeds.find(control.id); fed != feeds.end())
    for (const auto& [verdict, proves] : fed->second) {
      ids.insert(verdict->check().id);
      // What only supports a control is shown beside it, and neither passes nor fails it.
      if (proves == Proves::kSupporting) continue;
      deciding.push_back(verdict);
      if (verdict->result->state == State::kUnknown ||
          verdict->result->state == State::kNotApplicable)
        reasons.insert(verdict->check().id + ": " + verdict->result->reason);
    }
  out.checks.assign(ids.begin(), ids.end());
  if (!out.is_addressed()) {
    out.state = out.automated = State::kNotApplicable;
    out.reason = out.not_addressed.en;
    return out;
  }
  const bool person_decides = control.mode != Control::Mode::kAutomated;
  const bool is_attested = person_decides && attested && attested(framework, control);
  if (deciding.empty()) {
    out.is_attested = is_attested;
    if (is_attested) out.state = State::kPass;
    return out;
  }
  out.automated = worst(deciding);
  if (!is_assessed(out.automated))
    for (const auto& reason : reasons) out.reason += (out.reason.empty() ? "" : "; ") + reason;
  // What is a person's part stays so where the checks do not apply: a host without a sensor does
  // not make the watching of traffic needless.
  const bool is_left_to_person =
      person_decides && (out.automated == State::kPass || out.automated == State::kNotApplicable);
  out.is_attested = is_attested && is_left_to_person;
  out.state = out.is_attested ? State::kPass : is_left_to_person ? State::kManual : out.automated;
  return out;
}

// How much of the control was assessed.
double assessed_part(const ControlState& control) {
  if (!has_passed(control)) return 0;
  return control.control->mode == Control::Mode::kAutomated || control.is_attested ? 1.0 : 0.5;
}

}  // namespace

std::optional<bool> has_passed(const ControlState& control) {
  if (control.is_attested) return true;
  if (!is_assessed(control.automated)) return std::nullopt;
  return control.automated == State::kPass;
}

std::vector<FrameworkState> roll_up(const Content& content, const std::vector<Verdict>& verdicts,
                                    const Attested& attested, const Addressee& addressee) {
  std::vector<FrameworkState> states;
  for (const auto& framework : content.frameworks) {
    const auto feeds = feeds_of(framework, verdicts);
    FrameworkState state{&framework, std::nullopt, 0, {}};
    double assessed = 0;
    std::int64_t passed = 0;
    std::int64_t judged = 0;
    std::int64_t asked = framework.controls_in_document;
    for (const auto& control : framework.controls) {
      state.controls.push_back(roll_up(framework, control, feeds, attested, addressee));
      const auto& last = state.controls.back();
      if (!last.is_addressed()) --asked;
      const auto outcome = has_passed(last);
      if (!outcome) continue;
      ++judged;
      if (*outcome) ++passed;
      assessed += assessed_part(last);
    }
    if (judged > 0) state.score = static_cast<double>(passed) / static_cast<double>(judged);
    if (asked > 0) state.coverage = assessed / static_cast<double>(asked);
    states.push_back(std::move(state));
  }
  return states;
}

State worst(const std::vector<const Verdict*>& verdicts) {
  std::optional<State> worst_state;
  bool any_pass = false;
  for (const auto* verdict : verdicts) {
    any_pass = any_pass || verdict->result->state == State::kPass;
    if (!worst_state || verdict->result->state > *worst_state) worst_state = verdict->result->state;
  }
  if (!worst_state) return State::kUnknown;
  if (*worst_state == State::kNotApplicable && any_pass) return State::kPass;
  return *worst_state;
}

const Verdict& spokesman(const std::vector<const Verdict*>& verdicts) {
  const auto state = worst(verdicts);
  const auto weight = [](const Verdict& verdict) {
    return std::pair(verdict.result->row_count, verdict.frameworks().size());
  };
  const Verdict* chosen = nullptr;
  for (const auto* verdict : verdicts)
    if (verdict->result->state == state &&
        (chosen == nullptr || weight(*verdict) > weight(*chosen)))
      chosen = verdict;
  return chosen == nullptr ? *verdicts.front() : *chosen;
}

}  // namespace assay::checks
