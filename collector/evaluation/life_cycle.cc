#include "collector/evaluation/life_cycle.h"

#include <algorithm>
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

class Change {
 public:
  explicit Change(const LifeCycleInput& input) : input_(input) { change_.mark = input.mark; }

  Result<EvaluationChange> make() {
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
  struct Violation {
    const checks::Check* check = nullptr;
    FindingKey key;
    // The verdicts that show it, each with its row.
    std::vector<const checks::Verdict*> verdicts;
    std::vector<const checks::ResultRow*> rows;
    std::set<std::string> frameworks;

    // Frameworks that ask for different figures show the same finding with different rows. The row
    // kept is that of the verdict which speaks for the check on the agent, too.
    [[nodiscard]] std::string row() const {
      const auto at = std::ranges::find(verdicts, &checks::spokesman(verdicts)) - verdicts.begin();
      return row_json(*rows[static_cast<std::size_t>(at)]);
    }
  };

  using Names = std::pair<std::string_view, std::string_view>;  // check, parameters
  static Names names_of(const VerdictInterval* interval) {
    return {interval->check_id, interval->parameters};
  }

  void follow_verdicts() {
    std::vector<const VerdictInterval*> before;
    for (const auto& part : input_.standing)
      for (const auto& interval : *part) before.push_back(&interval);
    std::ranges::sort(before, {}, names_of);
    std::vector<bool> is_asked(before.size());
    for (const auto& verdict : input_.outcome->verdicts) {
      QuestionName own;
      const auto& name = named(verdict, own);
      const Names wanted{verdict.check().id, name.parameters};
      const auto found = std::ranges::lower_bound(before, wanted, {}, names_of);
      const bool is_there = found != before.end() && names_of(*found) == wanted;
      if (is_there) is_asked[static_cast<std::size_t>(found - before.begin())] = true;
      const auto* old = is_there ? *found : nullptr;
      if (old != nullptr && goes_on(*old, verdict, name)) continue;
      if (may_show_findings(*verdict.result) || (old != nullptr && may_have_shown(*old)))
        touched_.insert(verdict.check().id);
      begin(verdict, name);
    }
    for (std::size_t at = 0; at < before.size(); ++at) {
      if (is_asked[at]) continue;
      if (may_have_shown(*before[at])) touched_.insert(before[at]->check_id);
      change_.ended.emplace_back(before[at]->check_id, before[at]->parameters);
    }
  }

  const QuestionName& named(const checks::Verdict& verdict, QuestionName& own) const {
    if (input_.names != nullptr) {
      const auto found = input_.names->find(verdict.question.get());
      if (found != input_.names->end()) return found->second;
    }
    return own = name_of(*verdict.question);
  }

  void begin(const checks::Verdict& verdict, const QuestionName& name) {
    auto& now = change_.begun.emplace_back();
    now.host_id = input_.mark.host_id;
    now.check_id = verdict.check().id;
    now.parameters = name.parameters;
    now.frameworks = name.frameworks;
    now.state = verdict.result->state;
    now.reason = verdict.result->reason;
    now.key = verdict.key;
    now.check_digest = verdict.check().digest;
  }

  static bool may_show_findings(const checks::CheckResult& result) {
    return !result.rows.empty() || !is_conclusive(result);
  }
  // Findings may be open, or kept open.
  [[nodiscard]] bool may_have_shown(const VerdictInterval& old) const {
    const auto before = input_.result(old.key);
    return before == nullptr || may_show_findings(*before);
  }

  [[nodiscard]] bool goes_on(const VerdictInterval& old, const checks::Verdict& now,
                             const QuestionName& name) const {
    const auto& result = *now.result;
    if (old.state != result.state || old.reason != result.reason ||
        old.frameworks != name.frameworks || old.check_digest != now.check().digest)
      return false;
    if (old.key == now.key) return true;
    const auto before = input_.result(old.key);
    return before != nullptr && *before == result;
  }

  void collect_violations() {
    for (const auto& verdict : input_.outcome->verdicts) {
      if (!touched_.contains(verdict.check().id)) continue;
      auto& is_certain = certain_.try_emplace(verdict.check().id, true).first->second;
      is_certain = is_certain && is_conclusive(*verdict.result);
      for (const auto& row : verdict.result->rows) {
        auto key = finding_key(input_.mark.host_id, verdict.check(), row);
        auto& violation = violations_[key.id];
        if (violation.check == nullptr) {
          violation.check = &verdict.check();
          violation.key = std::move(key);
        }
        violation.verdicts.push_back(&verdict);
        violation.rows.push_back(&row);
        violation.frameworks.insert(verdict.frameworks().begin(), verdict.frameworks().end());
      }
    }
  }

  Status follow_violations() {
    std::map<evidence::Digest, const Finding*> open;
    for (const auto& finding : open_) open[finding.id] = &finding;
    for (const auto& [id, violation] : violations_) {
      const auto found = open.find(id);
      if (found != open.end()) {
        see_again(*found->second, violation);
        continue;
      }
      auto earlier = input_.earlier(id);
      if (!earlier) return fail(earlier.error());
      appear(*earlier, violation);
    }
    return {};
  }

  void see_again(const Finding& before, const Violation& violation) {
    Finding now = seen(before, violation);
    const bool is_same = before.is_confirmed && before.row == now.row &&
                         before.frameworks == now.frameworks && before.severity == now.severity;
    if (!is_same) change_.findings.push_back(std::move(now));
  }

  void appear(const std::optional<Finding>& earlier, const Violation& violation) {
    Finding now = seen(earlier.value_or(Finding{}), violation);
    now.opened_at = input_.mark.scanned_at;
    if (earlier) {
      ++now.reopened;
    } else {
      now.id = violation.key.id;
      now.host_id = input_.mark.host_id;
      now.check_id = violation.check->id;
      now.key = violation.key.json;
      now.first_seen = input_.mark.scanned_at;
    }
    (earlier ? change_.findings : change_.appeared).push_back(std::move(now));
  }

  Finding seen(Finding finding, const Violation& violation) const {
    finding.severity = violation.check->severity;
    finding.row = violation.row();
    finding.frameworks.assign(violation.frameworks.begin(), violation.frameworks.end());
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
      if (violations_.contains(before.id)) continue;
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
  std::set<std::string> touched_;  // checks of which a verdict begins or ends
  std::vector<Finding> open_;      // their findings
  std::map<evidence::Digest, Violation> violations_;
  std::map<std::string, bool> certain_;  // by check: every one of its verdicts is conclusive
};

}  // namespace

QuestionName name_of(const checks::Question& question) {
  QuestionName name{parameters_json(question.parameters), question.frameworks};
  std::ranges::sort(name.frameworks);
  return name;
}

FindingKey finding_key(std::string_view host_id, const checks::Check& check,
                       const checks::ResultRow& row) {
  std::vector<std::pair<std::string, evidence::Value>> cells;
  for (const auto& column : check.key) {
    const auto found =
        std::ranges::find(row.cells, column, &std::pair<std::string, evidence::Value>::first);
    cells.emplace_back(column, found == row.cells.end() ? evidence::Value() : found->second);
  }
  FindingKey key;
  key.json = object_json(cells);
  std::string named("assay finding/1\n");
  named.append(host_id).append("\n").append(check.id).append("\n").append(key.json);
  key.id = evidence::sha256(named);
  return key;
}

std::string row_json(const checks::ResultRow& row) {
  return object_json(row.cells);
}

std::string parameters_json(const std::map<std::string, evidence::Value>& values) {
  return object_json(values);
}

Result<EvaluationChange> next_change(const LifeCycleInput& input) {
  return Change(input).make();
}

}  // namespace assay::collector
