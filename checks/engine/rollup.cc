#include "checks/engine/rollup.h"

#include <algorithm>
#include <set>

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
// Of one control, in the order of the verdicts.
using Feeds = std::vector<Fed>;

std::vector<std::string> check_ids(const Feeds& feeds) {
  std::vector<std::string> ids;
  for (const auto& [verdict, proves] : feeds) ids.push_back(verdict->check().id);
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

// Of those that say why they are neither passed nor failed, each once.
std::string reasons_of(const std::vector<const Verdict*>& verdicts) {
  std::set<std::string> reasons;
  for (const auto* verdict : verdicts)
    if (verdict->result->state == State::kUnknown ||
        verdict->result->state == State::kNotApplicable)
      reasons.insert(verdict->check().id + ": " + verdict->result->reason);
  std::string out;
  for (const auto& reason : reasons) out += (out.empty() ? "" : "; ") + reason;
  return out;
}

ControlState roll_up(const Framework& framework, const Control& control, const Feeds& feeds,
                     const Attested& attested, const Addressee& addressee) {
  ControlState out;
  out.control = &control;
  out.not_addressed = why_not_for(control.applies_to, addressee);
  // What only supports a control is shown beside it, and neither passes nor fails it.
  std::vector<const Verdict*> deciding;
  for (const auto& [verdict, proves] : feeds)
    if (proves != Proves::kSupporting) deciding.push_back(verdict);
  out.checks = check_ids(feeds);
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
  if (!is_assessed(out.automated)) out.reason = reasons_of(deciding);
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

RollUp::RollUp(const Content& content) : content_(content) {
  for (const auto& framework : content.frameworks) {
    auto& controls = controls_.emplace_back();
    for (std::size_t i = 0; i < framework.controls.size(); ++i)
      controls.emplace(framework.controls[i].id, i);
  }
  for (const auto& check : content.checks) places_.emplace(&check, places_of(check));
}

std::vector<RollUp::Place> RollUp::places_of(const Check& check) const {
  std::vector<Place> places;
  for (const auto& mapping : check.mappings)
    for (std::size_t i = 0; i < content_.frameworks.size(); ++i) {
      if (mapping.framework != content_.frameworks[i].id) continue;
      const auto control = controls_[i].find(mapping.control);
      if (control == controls_[i].end()) continue;
      const auto is_it = [&](const Place& place) {
        return place.framework == i && place.control == control->second;
      };
      if (std::ranges::none_of(places, is_it))
        places.push_back({i, control->second, mapping.proves});
    }
  return places;
}

std::vector<FrameworkState> RollUp::of(const std::vector<Verdict>& verdicts,
                                       const Attested& attested, const Addressee& addressee) const {
  std::vector<std::vector<Feeds>> feeds;
  for (const auto& framework : content_.frameworks) feeds.emplace_back(framework.controls.size());
  for (const auto& verdict : verdicts)
    for (const auto& [framework, control, proves] : places_.at(&verdict.check()))
      if (std::ranges::find(verdict.frameworks(), content_.frameworks[framework].id) !=
          verdict.frameworks().end())
        feeds[framework][control].push_back({&verdict, proves});
  std::vector<FrameworkState> states;
  for (std::size_t i = 0; i < content_.frameworks.size(); ++i) {
    const auto& framework = content_.frameworks[i];
    FrameworkState state{&framework, std::nullopt, 0, {}};
    state.controls.reserve(framework.controls.size());
    double assessed = 0;
    std::int64_t passed = 0;
    std::int64_t judged = 0;
    std::int64_t asked = framework.controls_in_document;
    for (std::size_t control = 0; control < framework.controls.size(); ++control) {
      state.controls.push_back(
          roll_up(framework, framework.controls[control], feeds[i][control], attested, addressee));
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

std::vector<FrameworkState> roll_up(const Content& content, const std::vector<Verdict>& verdicts,
                                    const Attested& attested, const Addressee& addressee) {
  return RollUp(content).of(verdicts, attested, addressee);
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
