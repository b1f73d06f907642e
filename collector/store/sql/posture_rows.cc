#include "collector/store/sql/posture_rows.h"

namespace assay::collector::sql {

std::string join_frameworks(const std::vector<std::string>& frameworks) {
  std::string joined(",");
  for (const auto& framework : frameworks) joined.append(framework).append(",");
  return joined;
}

std::vector<std::string> split_frameworks(std::string_view joined) {
  std::vector<std::string> frameworks;
  while (!joined.empty()) {
    const auto end = joined.find(',');
    if (end != 0) frameworks.emplace_back(joined.substr(0, end));
    if (end == std::string_view::npos) break;
    joined.remove_prefix(end + 1);
  }
  return frameworks;
}

VerdictInterval read_interval(const Statement& row, int at) {
  VerdictInterval interval;
  interval.host_id = row.text(at);
  interval.check_id = row.text(at + 1);
  interval.parameters = row.text(at + 2);
  interval.frameworks = split_frameworks(row.text(at + 3));
  interval.state = checks::state_from(row.text(at + 4)).value_or(checks::State::kUnknown);
  interval.reason = row.text(at + 5);
  interval.key = row.digest(at + 6);
  interval.check_digest = row.digest(at + 7);
  interval.since = row.time(at + 8);
  interval.until = row.optional_time(at + 9);
  return interval;
}

Finding read_finding(const Statement& row) {
  Finding finding;
  finding.id = row.digest(0);
  finding.host_id = row.text(1);
  finding.host_name = row.text(2);
  finding.check_id = row.text(3);
  finding.key = row.text(4);
  finding.state =
      row.text(5) == name_of(FindingState::kOpen) ? FindingState::kOpen : FindingState::kResolved;
  finding.is_confirmed = row.integer(6) != 0;
  finding.first_seen = row.time(7);
  finding.last_seen = row.time(8);
  finding.resolved_at = row.optional_time(9);
  finding.reopened = row.integer(10);
  finding.snapshot = row.digest(11);
  finding.opened_at = row.time(12);
  finding.severity = static_cast<checks::Severity>(row.integer(kFindingWidth));
  finding.row = row.text(kFindingWidth + 1);
  finding.frameworks = split_frameworks(row.text(kFindingWidth + 2));
  return finding;
}

}  // namespace assay::collector::sql
