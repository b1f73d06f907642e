#include "collector/evaluation/life_cycle.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace assay::collector {
namespace {

// A verdict that was in force.
struct Before {
  std::string_view check_id;
  std::string_view parameters;
  const std::vector<std::string>* frameworks = nullptr;
  checks::State state = checks::State::kUnknown;
  std::string_view reason;
  const evidence::Digest* key = nullptr;
  const evidence::Digest* check_digest = nullptr;
  const JudgedQuestion* judged = nullptr;  // nullptr: only the store has it
};

using Names = std::pair<std::string_view, std::string_view>;  // check, parameters
Names names_of(const Before& before) {
  return {before.check_id, before.parameters};
}

class Change {
 public:
  explicit Change(const LifeCycleInput& input) : input_(input) { change_.mark = input.mark; }

  Result<EvaluationChange> make() {
    collect_before();
    follow_verdicts();
    if (touched_.empty()) return std::move(change_);
    auto open = input_.open(touched_);
    if (!open) return fail(open.error());
    open_ = std::move(*open);
    collect_violations();
    if (auto done = follow_violations(); !done) return fail(done.error());
    follow_absent();
    return std::move(change_);
  }

 private:
  struct Shown {
    const FindingGroup* check = nullptr;
    const FindingGroup::Member* violation = nullptr;
  };

  void collect_before() {
    for (const auto& group : input_.before)
      for (const auto& one : group->questions)
        before_.push_back({one.name->check_id, one.name->parameters, &one.name->frameworks,
                           one.result->state, one.result->reason, &one.key, &one.name->check_digest,
                           &one});
    for (const auto& part : input_.standing)
      for (const auto& one : *part)
        before_.push_back({one.check_id, one.parameters, &one.frameworks, one.state, one.reason,
                           &one.key, &one.check_digest, nullptr});
    std::ranges::sort(before_, {}, names_of);
  }

  void follow_verdicts() {
    std::vector<bool> is_asked(before_.size());
    for (const auto& group : input_.now)
      for (const auto& now : group->questions) {
        const Names wanted{now.name->check_id, now.name->parameters};
        const auto found = std::ranges::lower_bound(before_, wanted, {}, names_of);
        const bool is_there = found != before_.end() && names_of(*found) == wanted;
        if (is_there) is_asked[static_cast<std::size_t>(found - before_.begin())] = true;
        const auto* old = is_there ? &*found : nullptr;
        if (old != nullptr && goes_on(*old, now)) continue;
        const bool is_looked_at =
            old == nullptr ? may_show_findings(*now.result) : may_show_others(*old, now);
        if (is_looked_at) touched_.insert(now.name->check_id);
        begin(now);
      }
    for (std::size_t at = 0; at < before_.size(); ++at) {
      if (is_asked[at]) continue;
      if (may_have_shown(before_[at])) touched_.insert(std::string(before_[at].check_id));
      change_.ended.emplace_back(before_[at].check_id, before_[at].parameters);
    }
  }

  void begin(const JudgedQuestion& judged) {
    change_.begun.push_back(interval_of(judged, judged.key));
    change_.begun.back().host_id = input_.mark.host_id;
  }

  [[nodiscard]] checks::SharedResult result_of(const Before& old) const {
    return old.judged != nullptr ? old.judged->result : input_.result(*old.key);
  }
  // Findings may be open, or kept open.
  [[nodiscard]] bool may_have_shown(const Before& old) const {
    const auto result = result_of(old);
    return result == nullptr || may_show_findings(*result);
  }
  // A rule that changed and says the same of the same rows leaves its findings as they are.
  [[nodiscard]] bool may_show_others(const Before& old, const JudgedQuestion& now) const {
    if (!may_show_findings(*now.result) && !may_have_shown(old)) return false;
    if (old.judged == nullptr) return true;
    const auto& was = *old.judged;
    return was.name->severity != now.name->severity || was.name->key != now.name->key ||
           was.name->frameworks != now.name->frameworks ||
           (was.result != now.result && *was.result != *now.result);
  }

  [[nodiscard]] bool goes_on(const Before& old, const JudgedQuestion& now) const {
    const auto& result = *now.result;
    if (old.state != result.state || old.reason != result.reason ||
        *old.frameworks != now.name->frameworks || *old.check_digest != now.name->check_digest)
      return false;
    if (*old.key == now.key) return true;
    const auto before = result_of(old);
    return before != nullptr && (before == now.result || *before == result);
  }

  void collect_violations() {
    for (const auto& group : input_.now)
      for (const auto& check : group->checks) {
        if (!touched_.contains(check.id)) continue;
        certain_[check.id] = check.is_certain;
        if (check.shown == nullptr) continue;
        for (const auto& violation : check.shown->members)
          shown_[finding_id(input_.mark.host_id, check.id, violation.key)] = {check.shown.get(),
                                                                              &violation};
      }
  }

  Status follow_violations() {
    std::map<evidence::Digest, const Finding*> open;
    for (const auto& finding : open_) open[finding.id] = &finding;
    for (const auto& [id, shown] : shown_) {
      const auto found = open.find(id);
      if (found != open.end()) {
        see_again(*found->second, shown);
        continue;
      }
      auto earlier = input_.earlier(id);
      if (!earlier) return fail(earlier.error());
      appear(id, *earlier, shown);
    }
    return {};
  }

  void see_again(const Finding& before, const Shown& shown) {
    Finding now = seen(before, shown);
    const bool is_same = before.is_confirmed && before.row == now.row &&
                         before.frameworks == now.frameworks && before.severity == now.severity;
    if (!is_same) change_.findings.push_back(std::move(now));
  }

  void appear(const evidence::Digest& id, const std::optional<Finding>& earlier,
              const Shown& shown) {
    Finding now = seen(earlier.value_or(Finding{}), shown);
    now.opened_at = input_.mark.scanned_at;
    if (earlier) {
      ++now.reopened;
    } else {
      now.id = id;
      now.host_id = input_.mark.host_id;
      now.check_id = shown.check->check_id;
      now.key = shown.violation->key;
      now.first_seen = input_.mark.scanned_at;
    }
    (earlier ? change_.findings : change_.appeared).push_back(std::move(now));
  }

  Finding seen(Finding finding, const Shown& shown) const {
    finding.severity = shown.check->severity;
    finding.row = shown.violation->row;
    finding.frameworks = shown.violation->frameworks;
    finding.state = FindingState::kOpen;
    finding.is_confirmed = true;
    finding.resolved_at = std::nullopt;
    finding.last_seen = input_.mark.scanned_at;
    finding.snapshot = input_.mark.snapshot;
    return finding;
  }

  // Open findings that this evaluation does not show.
  void follow_absent() {
    for (const auto& before : open_) {
      if (shown_.contains(before.id)) continue;
      const auto found = certain_.find(before.check_id);
      const bool is_gone = found == certain_.end() || found->second;
      if (!is_gone && !before.is_confirmed) continue;
      Finding now = before;  // with the time and snapshot that last showed it
      now.is_confirmed = is_gone;
      if (is_gone) {
        now.state = FindingState::kResolved;
        now.resolved_at = input_.mark.scanned_at;
      }
      change_.findings.push_back(std::move(now));
    }
  }

  const LifeCycleInput& input_;
  EvaluationChange change_;
  std::vector<Before> before_;     // by names
  std::set<std::string> touched_;  // checks of which a verdict begins or ends
  std::vector<Finding> open_;      // their findings
  std::map<evidence::Digest, Shown> shown_;
  std::map<std::string_view, bool> certain_;  // by check
};

}  // namespace

EvaluationChange first_change(const EvaluationMark& mark, std::span<const SharedGroup> groups) {
  EvaluationChange change;
  change.mark = mark;
  for (const auto& group : groups)
    for (const auto& check : group->checks) {
      if (check.shown == nullptr) continue;
      auto& appeared = change.appeared_groups.emplace_back();
      appeared.group = check.shown;
      for (const auto& violation : check.shown->members)
        appeared.ids.push_back(finding_id(mark.host_id, check.id, violation.key));
    }
  return change;
}

Result<EvaluationChange> next_change(const LifeCycleInput& input) {
  return Change(input).make();
}

}  // namespace assay::collector
