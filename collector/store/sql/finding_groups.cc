#include "collector/store/sql/finding_groups.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::sql {
namespace {

constexpr std::size_t kIdBytes = 32;
constexpr std::size_t kHeadBytes = 4;

std::string_view id_at(std::string_view ids, std::size_t at) {
  return ids.substr(at * kIdBytes, kIdBytes);
}

// A group for each check.
std::vector<AppearedGroup> grouped(const std::vector<Finding>& appeared) {
  std::map<std::pair<std::string_view, checks::Severity>, std::vector<const Finding*>> by_check;
  for (const auto& finding : appeared)
    by_check[{finding.check_id, finding.severity}].push_back(&finding);
  std::vector<AppearedGroup> groups;
  for (auto& [check, findings] : by_check) {
    std::ranges::sort(findings, {}, [](const Finding* finding) {
      return std::tie(finding->key, finding->row, finding->frameworks);
    });
    AppearedGroup group;
    std::vector<FindingGroup::Member> members;
    for (const auto* finding : findings) {
      members.push_back({finding->key, finding->row, finding->frameworks});
      group.ids.push_back(finding->id);
    }
    group.group = finding_group(std::string(check.first), check.second, std::move(members));
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

std::string head_of(const evidence::Digest& id) {
  return id.raw().substr(0, kHeadBytes);
}

Status FindingGroups::keep(const FindingGroup& group) {
  const auto is_there = has_set(connection_, "finding_sets", group.digest);
  if (!is_there) return fail(is_there.error());
  for (std::size_t at = 0; at < group.members.size() && !*is_there; ++at) {
    const auto& member = group.members[at];
    auto done =
        connection_
            .prepare(
                "INSERT INTO finding_sets (digest, at, key, row, frameworks)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(group.digest, at, member.key, member.row, join_frameworks(member.frameworks))
            .queue();
    if (!done) return done;
  }
  return {};
}

Status FindingGroups::prepare(std::span<const EvaluationChange> changes,
                              const std::function<bool(const evidence::Digest&)>& is_there,
                              std::vector<evidence::Digest>& kept) {
  std::map<evidence::Digest, SharedFindingGroup> wanted;
  for (const auto& change : changes) {
    auto& groups = new_[change.mark.host_id];
    groups = change.appeared_groups;
    for (auto& group : grouped(change.appeared)) groups.push_back(std::move(group));
    for (const auto& one : groups)
      if (!is_there(one.group->digest)) wanted.emplace(one.group->digest, one.group);
  }
  for (const auto& [digest, group] : wanted) {
    if (auto done = keep(*group); !done) return done;
    kept.push_back(digest);
  }
  return {};
}

Status FindingGroups::begin(const EvaluationMark& mark) {
  std::string heads;
  for (const auto& [group, ids] : new_[mark.host_id]) {
    std::string all;
    for (const auto& id : ids) {
      all += id.raw();
      heads += head_of(id);
    }
    auto done =
        connection_
            .prepare(
                "INSERT INTO finding_groups (host_id, check_id, severity, digest, ids,"
                " first_seen, since, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(mark.host_id, group->check_id, static_cast<int>(group->severity), group->digest,
                  Blob{all}, mark.scanned_at, mark.evaluated_at, mark.snapshot)
            .queue();
    if (!done) return done;
  }
  if (heads.empty()) return {};
  return connection_.prepare("INSERT INTO finding_heads (host_id, heads) VALUES (?, ?)")
      .bind(mark.host_id, Blob{heads})
      .queue();
}

Result<std::vector<FindingGroups::Group>> FindingGroups::groups_of(std::string_view host_id,
                                                                   std::string_view check_id) {
  auto rows = connection_.prepare(
      "SELECT number, severity, digest, ids, first_seen, since, snapshot FROM finding_groups"
      " WHERE host_id = ? AND check_id = ?");
  rows.bind(host_id, check_id);
  return all(rows, [&](const Statement& row) {
    return Group{row.integer(0),        std::string(host_id),
                 std::string(check_id), static_cast<checks::Severity>(row.integer(1)),
                 row.digest(2),         row.text(3),
                 row.time(4),           row.time(5),
                 row.digest(6)};
  });
}

Result<const FindingGroups::Members*> FindingGroups::members_of(const Group& group) {
  auto found = known_.find(group.digest);
  if (found == known_.end()) {
    auto rows = connection_.prepare(
        "SELECT key, row, frameworks FROM finding_sets WHERE digest = ? ORDER BY at");
    rows.bind(group.digest);
    auto read = all(rows, [](const Statement& row) {
      return Member{row.text(0), row.text(1), split_frameworks(row.text(2))};
    });
    if (!read) return fail(read.error());
    found = known_.emplace(group.digest, std::move(*read)).first;
  }
  if (found->second.size() * kIdBytes != group.ids.size())
    return fail(Code::kInvalidData, "store: findings are missing");
  return &found->second;
}

Status FindingGroups::write_out(const Group& group, const Member& member, std::string_view id) {
  auto digest = evidence::Digest::from_raw(id);
  if (!digest) return fail(digest.error());
  Finding finding;
  finding.id = *digest;
  finding.host_id = group.host_id;
  finding.check_id = group.check_id;
  finding.severity = group.severity;
  finding.key = member.key;
  finding.row = member.row;
  finding.frameworks = member.frameworks;
  finding.first_seen = finding.opened_at = finding.last_seen = group.first_seen;
  finding.snapshot = group.snapshot;
  if (auto done = write_finding(connection_, finding); !done) return done;
  return begin_span(connection_, finding, group.since);
}

Status FindingGroups::shrink(const Group& group, Members members, const std::string& ids) {
  if (members.empty())
    return connection_.prepare("DELETE FROM finding_groups WHERE host_id = ? AND number = ?")
        .bind(group.host_id, group.number)
        .queue();
  const auto left = finding_group(group.check_id, group.severity, std::move(members));
  if (auto done = keep(*left); !done) return done;
  return connection_
      .prepare("UPDATE finding_groups SET digest = ?3, ids = ?4 WHERE host_id = ?1 AND number = ?2")
      .bind(group.host_id, group.number, left->digest, Blob{ids})
      .queue();
}

Status FindingGroups::take_out(const EvaluationMark& mark, std::span<const Finding> changed) {
  std::map<std::string_view, std::set<std::string>> by_check;
  for (const auto& finding : changed) by_check[finding.check_id].insert(finding.id.raw());
  for (const auto& [check_id, wanted] : by_check) {
    const auto groups = groups_of(mark.host_id, check_id);
    if (!groups) return fail(groups.error());
    for (const auto& group : *groups) {
      const auto members = members_of(group);
      if (!members) return fail(members.error());
      Members rest;
      std::string ids;
      for (std::size_t at = 0; at < (*members)->size(); ++at) {
        const auto id = id_at(group.ids, at);
        const auto& member = (**members)[at];
        if (!wanted.contains(std::string(id))) {
          rest.push_back(member);
          ids += id;
        } else if (auto done = write_out(group, member, id); !done) {
          return done;
        }
      }
      if (ids.size() == group.ids.size()) continue;
      if (auto done = shrink(group, std::move(rest), ids); !done) return done;
    }
  }
  return {};
}

Result<std::int64_t> FindingGroups::remove(std::string_view frameworks, evidence::Seconds horizon,
                                           std::size_t limit) {
  std::vector<Group> groups;
  {
    auto rows = connection_.prepare(
        "SELECT g.number, g.host_id, g.digest, g.ids FROM finding_groups g JOIN hosts h ON"
        " h.id = g.host_id WHERE h.revoked_at < ?1 AND EXISTS (SELECT 1 FROM finding_sets m"
        " WHERE m.digest = g.digest AND m.frameworks = ?2) LIMIT ?3");
    rows.bind(horizon, frameworks, limit);
    auto read = all(rows, [](const Statement& row) {
      Group group;
      group.number = row.integer(0);
      group.host_id = row.text(1);
      group.digest = row.digest(2);
      group.ids = row.text(3);
      return group;
    });
    if (!read) return fail(read.error());
    groups = std::move(*read);
  }
  std::int64_t removed = 0;
  for (const auto& group : groups) {
    const auto members = members_of(group);
    if (!members) return fail(members.error());
    Members rest;
    std::string ids;
    for (std::size_t at = 0; at < (*members)->size(); ++at) {
      if (join_frameworks((**members)[at].frameworks) == frameworks) {
        ++removed;
        continue;
      }
      rest.push_back((**members)[at]);
      ids += id_at(group.ids, at);
    }
    if (auto done = shrink(group, std::move(rest), ids); !done) return fail(done.error());
  }
  return removed;
}

Status FindingGroups::remove_unused() {
  for (const auto* sql :
       {"DELETE FROM finding_sets WHERE digest NOT IN (SELECT digest FROM finding_groups)",
        "DELETE FROM finding_heads WHERE host_id NOT IN (SELECT host_id FROM finding_groups)"})
    if (auto done = connection_.prepare(sql).queue(); !done) return done;
  return {};
}

}  // namespace assay::collector::sql
