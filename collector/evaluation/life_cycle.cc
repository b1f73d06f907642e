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

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  return names;
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

  void follow_verdicts() {
    std::map<std::pair<std::string, std::string>, const VerdictInterval*> before;
    for (const auto& interval : input_.verdicts)
      before[{interval.check_id, interval.parameters}] = &interval;
    for (const auto& verdict : input_.outcome->verdicts) {
      VerdictInterval now;
      now.host_id = input_.mark.host_id;
      now.check_id = verdict.check().id;
      now.parameters = parameters_json(verdict.parameters());
      now.frameworks = sorted(verdict.frameworks());
      now.state = verdict.result->state;
      now.reason = verdict.result->reason;
      now.key = verdict.key;
      now.check_digest = verdict.check().digest;
      const auto found = before.find({now.check_id, now.parameters});
      const auto* old = found == before.end() ? nullptr : found->second;
      if (found != before.end()) before.erase(found);
      if (old != nullptr && goes_on(*old, now, *verdict.result)) continue;
      touched_.insert(now.check_id);
      change_.begun.push_back(std::move(now));
    }
    for (const auto& [key, interval] : before) {
      touched_.insert(key.first);
      change_.ended.push_back(key);
    }
  }

  [[nodiscard]] bool goes_on(const VerdictInterval& old, const VerdictInterval& now,
                             const checks::CheckResult& result) const {
    if (old.state != now.state || old.reason != now.reason || old.frameworks != now.frameworks ||
        old.check_digest != now.check_digest)
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
