#include "collector/records/waiver_scope.h"

#include <algorithm>

namespace assay::collector {
namespace {

using checks::State;

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// "" is the framework of a check that is mapped to none.
bool covers_framework(const Waiver& waiver, std::string_view framework) {
  return waiver.scope.frameworks.empty() || lists(waiver.scope.frameworks, framework);
}

std::vector<std::string> or_none(const std::vector<std::string>& frameworks) {
  return frameworks.empty() ? std::vector<std::string>{""} : frameworks;
}

void add(std::vector<const Waiver*>* all, const std::vector<const Waiver*>& more) {
  for (const auto* waiver : more)
    if (std::ranges::find(*all, waiver) == all->end()) all->push_back(waiver);
}

State state_of(const checks::Verdict& verdict, bool is_waived) {
  if (!is_waived) return verdict.result->state;
  // A reason beside a failure names rows that could not be judged.
  return verdict.result->reason.empty() ? State::kWaived : State::kUnknown;
}

}  // namespace

WaiversInForce::WaiversInForce(std::vector<Waiver> waivers, evidence::Seconds when,
                               const GroupMembers& members) {
  for (auto& waiver : waivers) {
    if (waiver.requested_at > when || !waiver.is_in_force(when)) continue;
    HostScope hosts(waiver.scope.hosts, waiver.scope.groups, members);
    held_.push_back({std::move(waiver), std::move(hosts)});
  }
}

WaiversInForce::Cover WaiversInForce::of_frameworks(
    const Finding& finding, const std::vector<std::string>& frameworks) const {
  Cover cover;
  std::size_t covered = 0;
  for (const auto& framework : frameworks) {
    std::vector<const Waiver*> its;
    for (const auto& held : held_) {
      const auto& waiver = held.waiver;
      if (held.covers(finding.host_id, finding.check_id) && covers_framework(waiver, framework) &&
          (!waiver.scope.finding || *waiver.scope.finding == finding.id))
        its.push_back(&waiver);
    }
    if (!its.empty()) ++covered;
    add(&cover.waivers, its);
  }
  cover.is_whole = covered == frameworks.size();
  return cover;
}

WaiversInForce::Cover WaiversInForce::of_finding(const Finding& finding,
                                                 std::string_view framework) const {
  if (finding.state != FindingState::kOpen || held_.empty()) return {};
  return of_frameworks(finding, framework.empty() ? or_none(finding.frameworks)
                                                  : std::vector{std::string(framework)});
}

bool WaiversInForce::may_cover(std::string_view host_id) const {
  return std::ranges::any_of(held_, [&](const Held& held) { return held.hosts.covers(host_id); });
}

bool WaiversInForce::may_cover(std::string_view host_id, std::string_view check_id) const {
  return std::ranges::any_of(held_,
                             [&](const Held& held) { return held.covers(host_id, check_id); });
}

bool WaiversInForce::needs_findings(std::string_view host_id, std::string_view check_id) const {
  return std::ranges::any_of(held_, [&](const Held& held) {
    return held.waiver.scope.finding && held.covers(host_id, check_id);
  });
}

WaiversInForce::Cover WaiversInForce::of_all_findings(const std::vector<Finding>& findings,
                                                      std::string_view host_id,
                                                      std::string_view check_id,
                                                      const std::string& framework,
                                                      bool is_complete) const {
  Cover cover;
  for (const auto& held : held_)
    if (!held.waiver.scope.finding && held.covers(host_id, check_id) &&
        covers_framework(held.waiver, framework))
      cover.waivers.push_back(&held.waiver);
  // Whatever rows there are, listed or not.
  cover.is_whole = !cover.waivers.empty();
  if (cover.is_whole) return cover;
  bool are_all = true;
  std::size_t count = 0;
  for (const auto& finding : findings) {
    if (!framework.empty() && !lists(finding.frameworks, framework)) continue;
    const auto its = of_frameworks(finding, {framework});
    ++count;
    are_all = are_all && its.is_whole;
    add(&cover.waivers, its.waivers);
  }
  cover.is_whole = is_complete && are_all && count > 0;
  return cover;
}

std::vector<WaiversInForce::Part> WaiversInForce::of_verdict(const checks::Verdict& verdict,
                                                             std::string_view host_id,
                                                             const std::vector<Finding>& findings,
                                                             bool is_complete) const {
  const auto& check_id = verdict.check().id;
  if (verdict.result->state != State::kFail || !may_cover(host_id, check_id))
    return {{verdict, {}}};
  // The frameworks that are in one state, and what covers them.
  struct Group {
    State state;
    std::vector<std::string> frameworks;
    std::vector<const Waiver*> waivers;
  };
  std::vector<Group> groups;
  for (const auto& framework : or_none(verdict.frameworks())) {
    const auto cover = of_all_findings(findings, host_id, check_id, framework, is_complete);
    const auto state = state_of(verdict, cover.is_whole);
    auto group = std::ranges::find(groups, state, &Group::state);
    if (group == groups.end()) group = groups.insert(groups.end(), {state, {}, {}});
    if (!framework.empty()) group->frameworks.push_back(framework);
    add(&group->waivers, cover.waivers);
  }
  std::vector<Part> parts;
  for (auto& [state, frameworks, waivers] : groups) {
    auto question = *verdict.question;
    question.frameworks = std::move(frameworks);
    auto result = *verdict.result;
    result.state = state;
    parts.push_back({{std::make_shared<const checks::Question>(std::move(question)), verdict.key,
                      std::make_shared<const checks::CheckResult>(std::move(result))},
                     std::move(waivers)});
  }
  return parts;
}

}  // namespace assay::collector
