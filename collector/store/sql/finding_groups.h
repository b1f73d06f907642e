// Findings of a check that appeared together on a host: what they say is kept once, under its
// digest, for all hosts of which it is the same; of a host it takes a row with their ids. A finding
// of which anything changes is taken out of its group, into rows of its own.
//
// Of a transaction, in which nobody else writes of the same hosts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/posture_groups.h"
#include "collector/store/sql/connection.h"

namespace assay::collector::sql {

// Behind FROM: the findings that stand in groups, with the columns of `findings` and since when
// they say this. They are all open.
inline constexpr std::string_view kGroupedFindings =
    "(SELECT g.host_id, substr(g.ids, CAST(s.at * 32 + 1 AS integer), 32) AS id, g.check_id,"
    " g.severity, s.key, s.row, s.frameworks, 'open' AS state, TRUE AS is_confirmed, g.first_seen,"
    " g.first_seen AS opened_at, g.first_seen AS last_seen, NULL AS resolved_at, 0 AS reopened,"
    " g.snapshot, g.since FROM finding_groups g CROSS JOIN finding_sets s"
    " WHERE s.digest = g.digest)";

// What finding_heads keeps of an id.
[[nodiscard]] std::string head_of(const evidence::Digest& id);

class FindingGroups {
 public:
  explicit FindingGroups(Connection& connection) : connection_(connection) {}

  // Keeps what the groups of all changes say, in one order, so that of two who write at once each
  // waits for the other but once; `is_there` knows some that need not be. Which were kept is added
  // to `kept`.
  [[nodiscard]] Status prepare(std::span<const EvaluationChange> changes,
                               const std::function<bool(const evidence::Digest&)>& is_there,
                               std::vector<evidence::Digest>& kept);
  // Begins what appeared with a change that was prepared: a group for each check.
  [[nodiscard]] Status begin(const EvaluationMark& mark);
  // Those of `changed` that stand in a group have rows of their own afterwards, as they were.
  [[nodiscard]] Status take_out(const EvaluationMark& mark, std::span<const Finding> changed);

  // Removes what is of these frameworks (as they are joined) and of hosts that were sent away
  // before the horizon, from at most `limit` groups. How many findings that were.
  [[nodiscard]] Result<std::int64_t> remove(std::string_view frameworks, evidence::Seconds horizon,
                                            std::size_t limit);
  // Removes what no group names.
  [[nodiscard]] Status remove_unused();

 private:
  using Member = FindingGroup::Member;
  using Members = std::vector<Member>;
  struct Group {
    std::int64_t number = 0;
    std::string host_id;
    std::string check_id;
    checks::Severity severity{};
    evidence::Digest digest;
    std::string ids;  // 32 bytes for each member
    evidence::Seconds first_seen;
    evidence::Seconds since;
    evidence::Digest snapshot;
  };

  Result<std::vector<Group>> groups_of(std::string_view host_id, std::string_view check_id);
  // As many as there are ids.
  Result<const Members*> members_of(const Group& group);
  Status keep(const FindingGroup& group);  // it is there afterwards
  Status write_out(const Group& group, const Member& member, std::string_view id);
  // What is left of a group: its members and their ids.
  Status shrink(const Group& group, Members members, const std::string& ids);

  Connection& connection_;
  std::map<evidence::Digest, Members> known_;                   // that were read
  std::map<std::string_view, std::vector<AppearedGroup>> new_;  // by host
};

}  // namespace assay::collector::sql
