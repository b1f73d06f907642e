#include "collector/store/sql/verdict_groups.h"

#include <algorithm>

#include "collector/store/posture_groups.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::sql {
namespace {

Result<std::vector<VerdictInterval>> read_set(Connection& connection,
                                              const evidence::Digest& digest) {
  auto rows = connection.prepare("SELECT " + std::string(kSaidColumns) +
                                 " FROM verdict_sets WHERE digest = ?"
                                 " ORDER BY check_id, parameters");
  rows.bind(digest);
  auto read = all(rows, [](const Statement& row) { return read_said(row); });
  if (read && read->empty()) return fail(Code::kInvalidData, "store: verdicts are missing");
  return read;
}

Result<VerdictSet> set_under(Connection& connection, KnownSets& known,
                             const evidence::Digest& digest) {
  if (auto set = known.find(digest)) return std::move(*set);
  auto read = read_set(connection, digest);
  if (!read) return fail(read.error());
  auto set = std::make_shared<const std::vector<VerdictInterval>>(std::move(*read));
  known.keep(digest, set);
  return set;
}

}  // namespace

std::int64_t SetsThere::generation() {
  const std::lock_guard lock(mutex_);
  return generation_;
}

void SetsThere::forget() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  there_.clear();
}

bool SetsThere::has(const evidence::Digest& digest, std::int64_t removals) {
  const std::lock_guard lock(mutex_);
  return removals == removals_ && there_.find(digest) != nullptr;
}

void SetsThere::note(std::span<const evidence::Digest> digests, std::int64_t removals,
                     std::int64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_ || removals < removals_) return;
  if (removals > removals_) there_.clear();
  removals_ = removals;
  for (const auto& digest : digests) there_.keep(digest, true);
}

Result<std::vector<VerdictSet>> read_standing(Connection& connection, KnownSets& known,
                                              std::string_view host_id) {
  auto groups =
      connection.prepare("SELECT digest FROM verdict_groups WHERE host_id = ? AND until IS NULL");
  groups.bind(host_id);
  const auto digests = all(groups, [](const Statement& row) { return row.digest(0); });
  if (!digests) return fail(digests.error());
  std::vector<VerdictSet> standing;
  for (const auto& digest : *digests) {
    auto set = set_under(connection, known, digest);
    if (!set) return fail(set.error());
    standing.push_back(std::move(*set));
  }
  auto rows = connection.prepare("SELECT " + std::string(kSaidColumns) +
                                 " FROM verdicts WHERE host_id = ? AND until IS NULL");
  rows.bind(host_id);
  auto others = all(rows, [](const Statement& row) { return read_said(row); });
  if (!others) return fail(others.error());
  standing.push_back(std::make_shared<const std::vector<VerdictInterval>>(std::move(*others)));
  return standing;
}

Result<VerdictSet> VerdictGroups::members(const evidence::Digest& digest) {
  return set_under(connection_, known_, digest);
}

Status VerdictGroups::keep(const VerdictGroup& group) {
  const auto is_there = has_set(connection_, "verdict_sets", group.digest);
  if (!is_there) return fail(is_there.error());
  if (*is_there) return {};
  for (const auto& member : *group.verdicts) {
    auto done =
        connection_
            .prepare(
                "INSERT INTO verdict_sets (digest, check_id, parameters, frameworks, state,"
                " reason, key, check_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO "
                "NOTHING")
            .bind(group.digest, member.check_id, member.parameters,
                  join_frameworks(member.frameworks), checks::name_of(member.state), member.reason,
                  member.key, member.check_digest)
            .queue();
    if (!done) return done;
  }
  return {};
}

Status VerdictGroups::end_in(const EvaluationMark& mark, const Group& group, std::set<Key>* keys) {
  const auto all_of_it = members(group.digest);
  if (!all_of_it) return fail(all_of_it.error());
  std::vector<VerdictInterval> rest;
  std::vector<VerdictInterval> ended;
  for (const auto& member : **all_of_it)
    (keys->erase({member.check_id, member.parameters}) > 0 ? ended : rest).push_back(member);
  if (ended.empty()) return {};
  if (rest.empty())
    return connection_
        .prepare("UPDATE verdict_groups SET until = ?3" +
                 std::string(connection_.dialect().ended_group_place) +
                 " WHERE host_id = ?1 AND number = ?2")
        .bind(mark.host_id, group.number, mark.evaluated_at)
        .queue();
  for (auto& interval : ended) {
    interval.host_id = mark.host_id;
    interval.since = group.since;
    interval.until = mark.evaluated_at;
    if (auto done = write_interval(connection_, interval); !done) return done;
  }
  const auto left = verdict_group({}, std::move(rest));
  if (auto done = keep(*left); !done) return done;
  return connection_
      .prepare("UPDATE verdict_groups SET digest = ?3 WHERE host_id = ?1 AND number = ?2")
      .bind(mark.host_id, group.number, left->digest)
      .queue();
}

Status VerdictGroups::end(const EvaluationMark& mark, std::set<Key>* keys) {
  std::set<std::string> families;
  for (const auto& key : *keys) families.emplace(family_of(key.first));
  for (const auto& family : families) {
    std::vector<Group> groups;
    {
      auto rows = connection_.prepare(
          "SELECT number, digest, since FROM verdict_groups WHERE host_id = ? AND family = ? AND"
          " until IS NULL");
      rows.bind(mark.host_id, family);
      auto read = all(rows, [](const Statement& row) {
        return Group{row.integer(0), row.digest(1), row.time(2)};
      });
      if (!read) return fail(read.error());
      groups = std::move(*read);
    }
    for (const auto& group : groups)
      if (auto done = end_in(mark, group, keys); !done) return done;
  }
  return {};
}

Status VerdictGroups::prepare(std::span<const EvaluationChange> changes,
                              const std::function<bool(const evidence::Digest&)>& is_there,
                              std::vector<evidence::Digest>& kept) {
  std::map<evidence::Digest, const VerdictGroup*> wanted;
  for (const auto& change : changes) {
    auto& begun = begun_[change.mark.host_id];
    begun = change.begun_groups;
    std::map<std::string_view, std::vector<VerdictInterval>> families;
    for (const auto& interval : change.begun)
      families[family_of(interval.check_id)].push_back(interval);
    for (auto& [family, intervals] : families)
      begun.push_back(verdict_group(std::string(family), std::move(intervals)));
    for (const auto& group : begun)
      if (group->verdicts->size() >= kFewest && !is_there(group->digest))
        wanted.emplace(group->digest, group.get());
  }
  for (const auto& [digest, group] : wanted) {
    if (auto done = keep(*group); !done) return done;
    kept.push_back(digest);
  }
  return {};
}

Status VerdictGroups::begin(const EvaluationMark& mark) {
  for (const auto& group : begun_[mark.host_id]) {
    if (group->verdicts->size() >= kFewest) {
      auto done =
          connection_
              .prepare(
                  "INSERT INTO verdict_groups (host_id, family, digest, since) VALUES (?, ?, ?, ?)")
              .bind(mark.host_id, group->family, group->digest, mark.evaluated_at)
              .queue();
      if (!done) return done;
      continue;
    }
    for (auto interval : *group->verdicts) {
      interval.host_id = mark.host_id;
      interval.since = mark.evaluated_at;
      if (auto done = write_interval(connection_, interval); !done) return done;
    }
  }
  return {};
}

Result<std::int64_t> VerdictGroups::remove(std::string_view frameworks, evidence::Seconds horizon,
                                           std::size_t limit) {
  std::vector<evidence::Digest> digests;
  {
    auto rows = connection_.prepare(
        "SELECT DISTINCT g.digest FROM verdict_groups g WHERE " + std::string(kIsOver) +
        " AND EXISTS (SELECT 1 FROM verdict_sets m WHERE m.digest = g.digest AND"
        " m.frameworks = ?2) ORDER BY g.digest LIMIT ?3");
    rows.bind(horizon, frameworks, limit);
    auto read = all(rows, [](const Statement& row) { return row.digest(0); });
    if (!read) return fail(read.error());
    digests = std::move(*read);
  }
  std::int64_t removed = 0;
  std::size_t left = limit;
  for (const auto& digest : digests) {
    if (left == 0) break;
    const auto all_of_it = members(digest);
    if (!all_of_it) return fail(all_of_it.error());
    std::vector<VerdictInterval> rest;
    for (const auto& member : **all_of_it)
      if (join_frameworks(member.frameworks) != frameworks) rest.push_back(member);
    const auto fewer = static_cast<std::int64_t>((*all_of_it)->size() - rest.size());
    const std::string key(connection_.dialect().history_key);
    const auto where = " WHERE (" + key + ") IN (SELECT " + key +
                       " FROM verdict_groups WHERE digest = ?2 AND " + std::string(kIsOver) +
                       " LIMIT ?3)";
    auto run = [&](Statement statement) -> Status {
      if (auto done = statement.run(); !done) return done;
      const auto groups = connection_.changes();
      removed += groups * fewer;
      left -= std::min(left, static_cast<std::size_t>(groups));
      return {};
    };
    Status done;
    if (rest.empty()) {
      auto rows = connection_.prepare("DELETE FROM verdict_groups" + where);
      rows.bind(horizon, digest, left);
      done = run(std::move(rows));
    } else {
      const auto other = verdict_group({}, std::move(rest));
      if (auto kept = keep(*other); !kept) return fail(kept.error());
      auto rows = connection_.prepare("UPDATE verdict_groups SET digest = ?4" + where);
      rows.bind(horizon, digest, left, other->digest);
      done = run(std::move(rows));
    }
    if (!done) return fail(done.error());
  }
  return removed;
}

Status VerdictGroups::remove_unused() {
  return connection_
      .prepare("DELETE FROM verdict_sets WHERE digest NOT IN (SELECT digest FROM verdict_groups)")
      .queue();
}

}  // namespace assay::collector::sql
